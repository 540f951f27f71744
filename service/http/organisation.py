"""The organisation: the verbs of its units, posts, officials and tenures, and of who leaves."""

from domain.organisation.erasure import EraseOfficial, RefuseErasure, RequestErasure
from domain.organisation.officials import AnnounceRetirement, RegisterOfficial
from domain.organisation.posts import AbolishPost, CreatePost
from domain.organisation.tenures import Appoint
from domain.organisation.units import EstablishUnit
from domain.succession.leaver import EndTenure
from domain.succession.portfolio import HandOverPortfolio
from service.http.commands import Verb

ORGANISATION_VERBS = (
    Verb("/units/establish", EstablishUnit, "unit"),
    Verb("/posts/create", CreatePost, "post"),
    Verb("/posts/{post_id}/abolish", AbolishPost, "post"),
    Verb("/posts/{post_id}/appoint", Appoint, "post"),
    Verb("/posts/{post_id}/end-tenure", EndTenure, "post"),
    Verb("/officials/register", RegisterOfficial, "official"),
    Verb("/officials/{official_id}/announce-retirement", AnnounceRetirement, "official"),
    Verb("/officials/{official_id}/request-erasure", RequestErasure, "official"),
    Verb("/officials/{official_id}/refuse-erasure", RefuseErasure, "official"),
    Verb("/officials/{official_id}/erase", EraseOfficial, "official"),
    Verb("/officials/{official_id}/hand-over-portfolio", HandOverPortfolio, "official"),
)
