from magpie.audit import actions, store
from magpie.kit.db import Database


async def test_the_book(database: Database) -> None:
    """What is noted can be read newest first; a row changed in the database is found."""
    for number in range(5):
        await actions.note(
            database,
            account_sid="AC1",
            who="anna",
            address="127.0.0.1",
            action=f"POST /{number}",
            detail={"n": number, "x": [1, {"y": None}]},
        )
    assert await actions.verify(database) == (5, None)
    found = await store.page(database, before=None, most=2)
    assert [entry.action for entry in found] == ["POST /4", "POST /3"]
    assert [e.serial for e in await store.page(database, before=3, text="ANNA", most=9)] == [2, 1]
    await database.execute("update audit set who = 'bert' where serial = 3")
    assert await actions.verify(database) == (0, 3)
    await database.execute("update audit set who = 'anna' where serial = 3")
    await database.execute("delete from audit where serial = 1")
    assert (await actions.verify(database))[1] == 2
