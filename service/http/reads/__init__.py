"""Reads: one module per question; every answer says at which position of the log it stands."""

from fastapi import APIRouter

from service.http.reads import (
    completion_rates,
    directory,
    history,
    officials,
    responsibilities,
    tasks,
)

router = APIRouter()
for part in (tasks, responsibilities, completion_rates, directory, officials, history):
    router.include_router(part.router)
