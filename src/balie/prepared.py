"""Questions to the database that are the same each time but for their values: their SQL is written once.

Django writes the SQL of a queryset anew whenever it is asked, and PostgreSQL plans it anew, which together takes
longer than the answer (docs/decisions/0022-prepared-questions.md). For the few questions that every page asks.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cached_property, lru_cache
from typing import Any, Generic, TypeVar

import psycopg
from django.db import DEFAULT_DB_ALIAS, connections, models, router
from django.db.models import Expression, Field, Func, Model, QuerySet
from django.db.models.expressions import DatabaseDefault

Row = TypeVar("Row")


class Given(Expression):
    """A place in a question for a value that is given when it is asked."""

    def __init__(self, name: str, output_field: Field[Any, Any] | None = None) -> None:
        super().__init__(output_field=output_field)
        self.name = name

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        return "%s", (self,)


class IsAnyGiven(Func):
    """A column has one of a list of values that is given: `filter(IsAnyGiven("name", "names"))`."""

    template, arg_joiner = "%(expressions)s)", " = ANY("
    output_field = models.BooleanField()

    def __init__(self, column: str, name: str) -> None:
        super().__init__(column, Given(name))


class JsonRow(Func):
    """The values of a row as a JSON array: one column, which `ArraySubquery` can take along with another row."""

    function = "jsonb_build_array"
    output_field = models.JSONField()


class Prepared(Generic[Row]):
    """A question, from a function that answers its queryset with `Given` where values come.

        _user = Prepared(lambda: User.objects.select_related("agent").filter(pk=Given("key")))
        user = _user.first(key=3)

    It may use `filter`, `select_related`, `values_list`, `union`, `order_by` and slices, no `prefetch_related`.
    """

    def __init__(self, write: Callable[[], QuerySet[Any, Row]]) -> None:
        self._write = write

    def all(self, **given: Any) -> list[Row]:
        """The rows, for these values. A missing value is a `KeyError`."""
        queryset = _twin(self._queryset)
        queryset._query = query = _twin(self._queryset.query)
        query.get_compiler = lambda *_using, **_more: self._filled_in(given)
        return list(queryset._iterable_class(queryset))

    def first(self, **given: Any) -> Row | None:
        """The first row, if any: order and limit are the question's own."""
        return next(iter(self.all(**given)), None)

    @cached_property
    def _queryset(self) -> Any:
        return self._write()

    @cached_property
    def _written(self) -> tuple[Any, str, tuple[Any, ...]]:
        """Django's compiler after its work, what it wrote, and its parameters."""
        compiler = self._queryset.query.get_compiler(using=self._queryset.db)
        sql, parameters = compiler.as_sql()
        converters = compiler.get_converters([each[0] for each in compiler.select[: compiler.col_count]])
        compiler.get_converters = lambda _columns: converters  # they follow from the columns alone
        return compiler, sql, tuple(parameters)

    def _filled_in(self, given: dict[str, Any]) -> Any:
        written, sql, parameters = self._written
        values = tuple(given[each.name] if isinstance(each, Given) else each for each in parameters)
        compiler = _twin(written)
        compiler.connection = connection = connections[self._queryset.db]  # this thread's
        compiler.execute_sql = lambda *_how, **_more: [_asked(connection, sql, values)]
        return compiler


def _twin(of: Any) -> Any:
    """A shallow copy; `copy.copy` would ask the database for the rows of a queryset."""
    twin = object.__new__(type(of))
    twin.__dict__.update(of.__dict__)
    return twin


def ask(sql: str, values: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    """Run one statement whose words are the same each time; the values stand in it as `%(name)s`."""
    return _asked(connections[DEFAULT_DB_ALIAS], sql, values)


def _asked(connection: Any, sql: str, values: tuple[Any, ...] | Mapping[str, Any]) -> list[tuple[Any, ...]]:
    """Ask with the values apart from the words, so that PostgreSQL plans it once.

    By a cursor of psycopg's own: Django's writes the values into the words. Where Django looks along, in its way.
    """
    if connection.queries_logged or connection.execute_wrappers:
        with connection.cursor() as looked_at:
            looked_at.execute(sql, values)
            return list(looked_at.fetchall())
    connection.close_if_health_check_failed()
    connection.ensure_connection()
    connection.validate_thread_sharing()
    connection.validate_no_broken_transaction()
    with connection.wrap_database_errors:
        cursor = psycopg.Cursor(connection.connection)
        cursor.execute(sql, values)
        return cursor.fetchall()


def insert(row: Model) -> None:
    """Save a new row as `save(force_insert=True)` does, without signals, by words that are written once for a table.

    What the database gives (its key, defaults) is on the row afterwards.
    """
    connection: Any = connections[router.db_for_write(type(row))]
    values: dict[str | None, Any] = {}
    from_database = []
    for field in row._meta.local_concrete_fields:
        value = None if field.generated else field.pre_save(row, add=True)
        if field.generated or isinstance(value, DatabaseDefault) or (field.primary_key and value is None):
            from_database.append(field)
        else:
            is_ready = value is None or isinstance(field, _READY.get(type(value), ()))
            values[field.column] = value if is_ready else field.get_db_prep_save(value, connection)
    sql = _insertion(row._meta.db_table, tuple(values), tuple(field.column for field in from_database))
    [given] = _asked(connection, sql, tuple(values.values()))
    for field, value in zip(from_database, given, strict=False):  # without any, PostgreSQL answers a bare 1
        setattr(row, field.attname, value)
    row._state.adding, row._state.db = False, connection.alias


_READY: Mapping[type, tuple[type[Field[Any, Any]], ...]] = {
    str: (models.CharField, models.TextField),
    int: (models.IntegerField, models.ForeignKey),
    bool: (models.BooleanField,),
}
"""Values that go into such fields as they are."""


@lru_cache(maxsize=200)
def _insertion(table: str, columns: tuple[str, ...], wanted: tuple[str, ...]) -> str:
    quoted = [f'"{column}"' for column in columns]
    places = ", ".join(["%s"] * len(columns))
    returning = ", ".join(f'"{column}"' for column in wanted) or "1"
    return f'INSERT INTO "{table}" ({", ".join(quoted)}) VALUES ({places}) RETURNING {returning}'
