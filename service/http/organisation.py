"""The organisation: the verbs of its units, posts, officials and tenures, and of who leaves."""

from domain.organisation.erasure import EraseOfficial, RefuseErasure, RequestErasure
from domain.organisation.officials import AnnounceRetirement, RegisterOfficial
from domain.organisation.posts import AbolishPost, CreatePost
from domain.organisation.tenures import Appoint
from domain.organisation.units import EstablishUnit
from domain.succession.leaver import EndTenure
from domain.succession.portfolio import HandOverPortfolio
from service.access.roles import Permission
from service.http.commands import Verb

ACT, DECIDE, ORGANISE = Permission.ACT, Permission.DECIDE, Permission.ORGANISE

ORGANISATION_VERBS = (
    Verb("/units/establish", EstablishUnit, "unit", ORGANISE),
    Verb("/posts/create", CreatePost, "post", ORGANISE),
    Verb("/posts/{post_id}/abolish", AbolishPost, "post", ORGANISE),
    Verb("/posts/{post_id}/appoint", Appoint, "post", ORGANISE),
    Verb("/posts/{post_id}/end-tenure", EndTenure, "post", ORGANISE),
    Verb("/officials/register", RegisterOfficial, "official", ORGANISE),
    Verb("/officials/{official_id}/announce-retirement", AnnounceRetirement, "official", ORGANISE),
    Verb("/officials/{official_id}/request-erasure", RequestErasure, "official", ACT),
    Verb("/officials/{official_id}/refuse-erasure", RefuseErasure, "official", DECIDE),
    Verb("/officials/{official_id}/erase", EraseOfficial, "official", DECIDE),
    Verb("/officials/{official_id}/hand-over-portfolio", HandOverPortfolio, "official", DECIDE),
)
