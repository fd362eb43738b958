"""How many connections a process takes is said where the database is."""

import pytest
from sqlalchemy import make_url

from klaster_shared.database import Database


class TestPoolSize:
    async def test_is_read_from_the_url_and_is_no_business_of_the_driver(self) -> None:
        url = "postgresql://role:secret@/name?host=a:5432&host=b:5433&target_session_attrs=primary&pool_size=3"
        database = Database(url)
        try:
            query = make_url(database.url).query
            assert query == {"host": ("a:5432", "b:5433"), "target_session_attrs": "primary"}
            assert database._reader.pool.size() == database._writer.pool.size() == 3  # type: ignore[attr-defined]
        finally:
            await database.dispose()

    @pytest.mark.parametrize("asked", ["0", "-1", "many"])
    def test_is_a_number_of_connections(self, asked: str) -> None:
        with pytest.raises(ValueError, match="pool_size"):
            Database(f"postgresql://role@host/name?pool_size={asked}")
