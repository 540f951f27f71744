"""Kernel: what every context shares: events and their tags, commands as slices, refusals."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from inspect import cleandoc
from typing import Annotated, Any, ClassVar, Generic, TypeAlias, TypeVar, get_args

from eventsourcing.dcb.domain import Decision, Selector, Slice, Tagged
from pydantic import BaseModel, ConfigDict, Field
from pydantic.fields import FieldInfo

from domain.values import Basis, Day, LogPosition, Personal, Tag, Text, UnitId, Value
from domain.wording import EVENTS, worded

Raw: TypeAlias = dict[str, Any]
Upcaster: TypeAlias = Callable[[Raw], Raw]


Positions: TypeAlias = Annotated[tuple[LogPosition, ...], Field(min_length=1, max_length=100)]


class Replacement(Value):
    """The events, by their positions, that were recorded wrongly and are replaced, and why."""

    positions: Positions
    reason: Text


class Parameters(Value):
    """The parameters of a command, as its caller sends them, besides the ids in the address.

    Attributes:
        effective_on: the day from which the decision counts; today if left out.
        on_behalf_of: the deciding body or unit in whose name the caller acts.
        basis: the document cited.
        replaces: the events that are annulled, and in whose place this is recorded.
    """

    effective_on: Day | None = None
    on_behalf_of: UnitId | None = None
    basis: Basis | None = None
    replaces: Replacement | None = None


class EventTypeUnknown(Exception):
    """The log holds a type or version of event that this programme does not know.

    It was written by a later version: upgrade. Nothing is skipped.
    """


EVENT_TYPES: dict[str, type["Event"]] = {}


class Event(BaseModel, Decision):
    """Something that happened. Stored for ever under TYPE and VERSION, never under a module path.

    VIETNAMESE is what an office calls it.
    UPCASTERS maps an old version to the function that makes its raw data the next version's.
    FROM_THE_BEGINNING says of what merely makes known that it is there on every day, whenever it
    was recorded: it stands first in every timeline.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    TYPE: ClassVar[str]
    VIETNAMESE: ClassVar[str] = ""
    VERSION: ClassVar[int] = 1
    UPCASTERS: ClassVar[Mapping[int, Upcaster]] = {}
    TAGGED: ClassVar[tuple[tuple[str, str], ...]] = ()
    PERSONAL: ClassVar[tuple[str, ...]] = ()
    # The same of the values that a field lists, by that field.
    PERSONAL_WITHIN: ClassVar[Mapping[str, tuple[str, ...]]] = {}
    FROM_THE_BEGINNING: ClassVar[bool] = False

    effective_on: Day

    @classmethod
    def __pydantic_init_subclass__(cls, **kwargs: Any) -> None:  # noqa: ANN401  pydantic's signature
        super().__pydantic_init_subclass__(**kwargs)
        if "TYPE" not in cls.__dict__:
            return
        if cls.TYPE in EVENT_TYPES:
            raise TypeError(f"event type {cls.TYPE} is taken by {EVENT_TYPES[cls.TYPE].__name__}")
        EVENT_TYPES[cls.TYPE] = cls
        EVENTS[cls.TYPE] = cls.VIETNAMESE
        cls.TAGGED = tuple(_marked(cls, Tag, lambda mark: mark.prefix))
        cls.PERSONAL = personal(cls)
        cls.PERSONAL_WITHIN = {
            name: within
            for name, field in cls.model_fields.items()
            if (within := _personal_within(field.annotation))
        }

    @classmethod
    def upcast(cls, version: int, raw: Raw) -> Raw:
        """The raw data of that version, as the current version has it.

        Raises:
            EventTypeUnknown: a later version of the programme wrote it.
        """
        if version > cls.VERSION:
            raise EventTypeUnknown(f"{cls.TYPE} version {version}")
        for old in range(version, cls.VERSION):
            raw = cls.UPCASTERS[old](raw)
        return raw

    def tags(self) -> list[str]:
        """`prefix:id` for every tagged field, each once, in the order of the fields."""
        tags: dict[str, None] = {}
        for name, prefix in self.TAGGED:
            value = getattr(self, name)
            if value is None:
                continue
            for item in (value,) if isinstance(value, str) else value:
                tags[f"{prefix}:{item}"] = None
        return list(tags)

    def apply(self, perspective: Any) -> None:  # noqa: ANN401  the library's signature
        perspective.evolve(self)


def noun(opened: type[Event]) -> str:
    """What the event opens, as its type names it: `task.obstacle_raised` an `obstacle`."""
    return opened.TYPE.partition(".")[2].rpartition("_")[0]


Mark = TypeVar("Mark", Tag, Personal)


def _marked(
    model: type[BaseModel], mark: type[Mark], value: Callable[[Mark], str]
) -> Iterator[tuple[str, str]]:
    """The model's fields that carry such a mark, itself or within an Optional or a tuple."""
    for name, field in model.model_fields.items():
        yield from ((name, value(one)) for one in _marks(field) if isinstance(one, mark))


def personal(model: type[BaseModel]) -> tuple[str, ...]:
    """The model's fields that are personal data."""
    return tuple(name for name, _ in _marked(model, Personal, lambda _: ""))


def _personal_within(annotation: object) -> tuple[str, ...]:
    """The fields that are personal data in the values that such a field lists."""
    return tuple(
        name
        for argument in getattr(annotation, "__args__", ())
        if isinstance(argument, type) and issubclass(argument, BaseModel)
        for name in personal(argument)
    )


def _marks(field: FieldInfo) -> list[object]:
    return [*field.metadata, *_metadata_within(field.annotation)]


def _metadata_within(annotation: object) -> Iterator[object]:
    yield from getattr(annotation, "__metadata__", ())
    for argument in getattr(annotation, "__args__", ()):
        yield from _metadata_within(argument)


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts: `official:ID` when an official acts in person, `client:NAME` for a programme."""

    id: str

    @property
    def official_id(self) -> str | None:
        """The official behind the actor, if one acts in person."""
        prefix, _, value = self.id.partition(":")
        return value if prefix == "official" else None


@dataclass(frozen=True, slots=True)
class Context:
    """What a decision may know of the world: it receives this and fetches nothing.

    Attributes:
        actor: who gives the command.
        today: the day in Vietnam (Asia/Ho_Chi_Minh) on which it is given.
        effective_on: the day from which what happens counts.
        on_behalf_of: the deciding body or unit in whose name the actor acts.
        basis: the document cited.
        organises: whether the actor may set up the organisation.
    """

    actor: Actor
    today: date
    effective_on: date
    on_behalf_of: str | None = None
    basis: Basis | None = None
    organises: bool = False


class Refusal(Exception):
    """A command is refused, and the log is unchanged.

    The class's docstring is the message: the English sentence, then the Vietnamese one, each
    formatted with the extensions given to the constructor.
    """

    def __init__(self, **extensions: object) -> None:
        super().__init__()
        self.extensions = extensions

    def extensions_in(self, language: str) -> Mapping[str, object]:  # noqa: ARG002  few extensions are sentences
        """The extensions as the message in that language words them."""
        return self.extensions

    def detail(self, language: str = "en") -> str:
        """The message in `en` or `vi`."""
        english, vietnamese, *_ = [
            " ".join(paragraph.split())
            for paragraph in cleandoc(type(self).__doc__ or "").split("\n\n")
        ]
        sentence = vietnamese if language == "vi" else english
        return sentence.format_map(
            {
                name: worded(name, value, language)
                for name, value in self.extensions_in(language).items()
            }
        )

    def __str__(self) -> str:
        return self.detail()


class Conflict(Refusal):
    """The command conflicts with the state of things.

    Điều đang có không cho phép điều được yêu cầu.
    """


class Forbidden(Refusal):
    """The caller may not do this.

    Người yêu cầu không có thẩm quyền làm việc này.
    """


class NotFound(Refusal):
    """What is named does not exist.

    Đối tượng được nêu không tồn tại.
    """


class Invalid(Refusal):
    """The parameters are invalid.

    Nội dung yêu cầu không hợp lệ.
    """


class EffectiveInTheFuture(Invalid):
    """The effective day {effective_on} is after {latest_on}, the latest day possible here.

    Ngày có hiệu lực {effective_on} ở sau {latest_on}, là ngày muộn nhất được ghi ở đây.
    """


class DocumentRequired(Invalid):
    """The decision must cite its document: give `basis`.

    Quyết định phải dẫn văn bản làm căn cứ: cần có `basis`.
    """


class BodyRequired(Invalid):
    """The decision is taken by a body: give `on_behalf_of`.

    Quyết định phải do một cơ quan có thẩm quyền: cần có `on_behalf_of`.
    """


class NotTheEntitledBody(Forbidden):
    """Only {entitled} may decide this, not {on_behalf_of}.

    Chỉ {entitled} có thẩm quyền quyết định, không phải {on_behalf_of}.
    """


class Beginning(Selector):
    """The first event ever recorded of the types that carries all the tags: a thing begins by it.

    Later ones of the types are of other things that name it. They change nothing of it: no
    decision that saw it need be taken anew for them.
    """


Params = TypeVar("Params", bound=Parameters)


class Command(Slice[Event], Generic[Params]):
    """A command: its boundary of past events, the state folded from them, and its decision.

    `PARAMETERS` is its generic argument, and `REFUSALS` names every refusal `execute` may raise;
    the service declares both to its clients. `AHEAD` says of a decision that it may be taken
    before the day from which it counts; what only happens on its day is not recorded ahead.

    It folds the timeline up to its effective day; `later` is what stands beyond. `recorded` holds
    all of its boundary, in the order of recording: later and annulled events too; `numbered` has
    them by their positions in the log. A new number is one that none of them has.
    """

    PARAMETERS: ClassVar[type[Parameters]]
    REFUSALS: ClassVar[tuple[type[Refusal], ...]] = ()
    AHEAD: ClassVar[bool] = False

    def __init_subclass__(cls, **kwargs: Any) -> None:  # noqa: ANN401  Python's signature
        super().__init_subclass__(**kwargs)
        own = _parameters_of(cls)
        if own is not None:
            cls.PARAMETERS = own
        elif not getattr(cls, "__parameters__", ()) and not hasattr(cls, "PARAMETERS"):
            raise TypeError(f"{cls.__name__} names no parameters: write Command[Its Parameters]")

    def __init__(self, context: Context, params: Params) -> None:
        self.context = context
        self.params = params
        self.recorded: Sequence[Event] = ()
        self.numbered: Mapping[int, Event] = {}
        self.later: Sequence[Event] = ()

    def evolve(self, event: Event) -> None:
        raise NotImplementedError

    def emit(self, event: Event) -> None:
        """Record that `event` happens, under the tags of its own fields."""
        event.mutate(self)
        self.new_decisions.append(Tagged(event.tags(), event))

    def require_basis(self) -> Basis:
        """The document cited.

        Raises:
            DocumentRequired: none is.
        """
        if self.context.basis is None:
            raise DocumentRequired
        return self.context.basis

    def require_body(self) -> str:
        """The deciding body.

        Raises:
            BodyRequired: the command is given in no body's name.
        """
        if self.context.on_behalf_of is None:
            raise BodyRequired
        return self.context.on_behalf_of


def _parameters_of(command: type[Command[Any]]) -> type[Parameters] | None:
    """The parameters that the class gives to a generic base, if it gives any."""
    for base in vars(command).get("__orig_bases__", ()):
        for argument in get_args(base):
            if isinstance(argument, type) and issubclass(argument, Parameters):
                return argument
    return None


def boundary(command: Command[Any]) -> list[Selector]:
    """The command's consistency boundary, always as a list."""
    selected = command.consistency_boundary()
    return [selected] if isinstance(selected, Selector) else list(selected)


def matches(selectors: Sequence[Selector], event: Event) -> bool:
    """Whether an event falls within a boundary: any selector whose types and tags all hold."""
    tags = set(event.tags())
    return any(
        (not selector.types or type(event) in selector.types) and tags.issuperset(selector.tags)
        for selector in selectors
    )
