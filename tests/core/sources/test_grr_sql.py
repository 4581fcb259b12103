"""Dumps of MySQL read as data, as mysqldump, phpMyAdmin and GRR's backup write them."""

import gzip
import io
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from factories import grr as exports
from maillage.core.bad_input import BadInput
from maillage.core.sources import grr_sql

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)


def table(sql, columns, name="t"):
    data = sql if isinstance(sql, bytes) else sql.encode()
    return [row for _, row in grr_sql.parse("base.sql", data).rows(name, columns)]


def refusal(data, read=grr_sql.parse):
    with pytest.raises(BadInput) as refused:
        read("base.sql", data if isinstance(data, bytes) else data.encode())
    return refused.value


@pytest.mark.parametrize("dialect", exports.DIALECTS)
@given(names=st.lists(TEXTS, min_size=1, max_size=4))
def test_what_a_tool_writes_is_read_back_letter_by_letter(dialect, names):
    rows = [{"id": n, "room_name": name} for n, name in enumerate(names)]

    data = exports.dump({"room": rows}, dialect)

    found = grr_sql.parse("base.sql", data).rows("grr_room", ("id", "room_name"))
    assert [row for _, row in found] == [(str(n), name) for n, name in enumerate(names)]


def test_a_row_without_the_names_of_its_columns_takes_those_of_the_table():
    sql = """CREATE TABLE IF NOT EXISTS `base`.`t` (
      `id` int(11) NOT NULL AUTO_INCREMENT,
      price decimal(10,2) DEFAULT '1,5)',
      `key` enum('a','b,c') COMMENT 'l''un, l\\'autre',
      PRIMARY KEY (`id`,`key`), UNIQUE KEY `u` (`key`), CONSTRAINT `c` CHECK (`id` > 0)
    ) ENGINE=InnoDB /*!50100 PARTITION BY HASH (id) */;
    INSERT INTO t VALUES (1,2.50,'a'),( 2 , NULL , 'b,c' );"""

    assert table(sql, ("key", "id", "price")) == [("a", "1", "2.50"), ("b,c", "2", None)]


def test_a_row_that_names_its_columns_needs_no_table_and_may_skip_some():
    sql = "REPLACE INTO `t` (`B`, `a`) VALUES ('x', -1);\nINSERT IGNORE INTO t (a) VALUE (2);"
    sql += "INSERT INTO t (a) VALUES (3) ON DUPLICATE KEY UPDATE a = VALUES(a);"

    assert table(sql, ("a", "b", "absent")) == [
        ("-1", "x", None),
        ("2", None, None),
        ("3", None, None),
    ]


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("0x4D6169", "Mai"),
        ("X'4D6169'", "Mai"),
        ("_binary 'x\\'y'", "x'y"),
        ("_utf8mb4'été'", "été"),
        ("b'101'", "5"),
        ("TRUE", "1"),
        ("1e3", "1e3"),
        ('"dit ""oui"""', 'dit "oui"'),
        ("CURRENT_TIMESTAMP", None),
        ("now()", None),
        ("DEFAULT", None),
        ("''", ""),
        ("'50\\% \\_'", "50% _"),
        ("'-- pas un commentaire; /* ni'", "-- pas un commentaire; /* ni"),
    ],
)
def test_every_way_to_write_a_value_is_understood(written, read):
    sql = "INSERT INTO t (a, b) VALUES (?, 1);".replace("?", written)

    assert table(sql, ("a", "b")) == [(read, "1")]


def test_comments_locks_warnings_of_php_and_routines_are_passed_over():
    sql = """<br />
    <b>Deprecated</b>:  mysqli_real_escape_string(): Passing null to parameter #2 ('$string') d'un
    Use of a word
    /*!40000 ALTER TABLE `t` DISABLE KEYS */;
    LOCK TABLES `t` WRITE;
    DELIMITER ;;
    CREATE TRIGGER x BEFORE INSERT ON t FOR EACH ROW BEGIN
      INSERT INTO t (a) VALUES (NEW.a);
      INSERT INTO t (a) VALUES (6);
    END;;
DELIMITER ;
    # INSERT INTO t (a) VALUES (7);
    -- INSERT INTO t (a) VALUES (8);
    /* INSERT INTO t (a) VALUES (9); */
    INSERT INTO t (a) VALUES (1);"""

    assert table(sql, ("a",)) == [("1",)]


def test_a_table_dropped_and_made_again_holds_its_last_rows_only():
    made = "DROP TABLE IF EXISTS `t`;\nCREATE TABLE t (a int);\nINSERT INTO t VALUES ({});\n"

    assert table(made.format(1) + made.format(2), ("a",)) == [("2",)]


def test_one_text_in_an_older_charset_does_not_spoil_the_others():
    sql = b"INSERT INTO t (a) VALUES ('" + "Mairie d’été".encode("cp1252") + b"'), ('"
    sql += "Forêt 🎉".encode() + b"');"

    assert table(sql, ("a",)) == [("Mairie d’été",), ("Forêt 🎉",)]


def zipped(files):
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return held.getvalue()


SMALL = b"INSERT INTO t (a) VALUES ('\xc3\xa9');"


@pytest.mark.parametrize(
    "data",
    [
        gzip.compress(SMALL, mtime=0),
        zipped({"base.sql": SMALL, "lisez-moi.txt": b"x"}),
        SMALL.decode().encode("utf-16"),
        b"\xef\xbb\xbf" + SMALL,
    ],
    ids=["gzip", "zip", "utf-16", "utf-8 with mark"],
)
def test_a_dump_is_read_from_an_archive_and_from_the_charsets_of_windows(data):
    assert table(data, ("a",)) == [("é",)]


@pytest.mark.parametrize(
    "data",
    [
        gzip.compress(SMALL, mtime=0)[:-6],
        gzip.compress(SMALL, mtime=0) + b"more",
        zipped({"a.sql": SMALL, "b.sql": SMALL}),
        zipped({"a.txt": SMALL}),
        b"PK\x03\x04broken",
    ],
    ids=["cut", "followed", "two dumps", "no dump", "broken"],
)
def test_an_archive_that_is_cut_or_holds_no_single_dump_is_refused(data):
    assert refusal(data).code == "dump_bad_archive"


def test_a_dump_is_weighed_once_unpacked(monkeypatch):
    monkeypatch.setattr(grr_sql, "MOST_BYTES", 1_000_000)
    heavy = SMALL + b"\n" * 1_000_000

    for data in (heavy, gzip.compress(heavy, mtime=0), zipped({"a.sql": heavy})):
        assert (refusal(data).code, refusal(data).facts["most_mb"]) == ("dump_too_heavy", 1)


@pytest.mark.parametrize("data", ["<!DOCTYPE html>\n<p>Connexion</p>", "a;b\n1;2\n", "\0\1\2"])
def test_what_is_no_dump_is_refused(data):
    assert refusal(data).code == "dump_not_sql"


def test_an_empty_file_an_absent_one_and_a_folder_are_refused(tmp_path):
    assert refusal(b"\n ").code == "file_empty"
    for path, code in ((tmp_path / "absent.sql", "missing_file"), (tmp_path, "is_a_folder")):
        with pytest.raises(BadInput) as refused:
            grr_sql.read(path)
        assert refused.value.code == code


@pytest.mark.parametrize(
    ("sql", "code", "line"),
    [
        ("INSERT INTO t (a) VALUES (1);\nINSERT INTO t (a) VALUES\n(1),(2,", "dump_truncated", 2),
        ("CREATE TABLE t (\na int", "dump_truncated", 1),
        ("CREATE TABLE t (a int);\nINSERT INTO t VALUES ('l", "dump_truncated", 2),
        ("INSERT INTO t (a) VALUES\n(1),\n(a+1);", "dump_unreadable", 3),
        ("INSERT INTO t (a) VALUES\n(1),\n(1,2);", "dump_wrong_width", 3),
        ("INSERT INTO t (a) VALUES\n(1)\n(2);", "dump_unreadable", 2),
        ("CREATE TABLE t (a int);\nINSERT INTO t SET a = 1;", "dump_unreadable", 2),
        ("CREATE TABLE t (a int);\nINSERT INTO t (a) SELECT 1;", "dump_unreadable", 2),
    ],
)
def test_a_fault_is_told_with_its_line(sql, code, line):
    with pytest.raises(BadInput) as refused:
        table(sql, ("a",))
    assert (refused.value.code, refused.value.facts["line"]) == (code, line)


def test_rows_whose_columns_nothing_tells_are_refused():
    with pytest.raises(BadInput) as refused:
        table("INSERT INTO t VALUES (1);", ("a",))
    assert (refused.value.code, refused.value.facts["table"]) == ("dump_without_structure", "t")


@pytest.mark.parametrize("dialect", exports.DIALECTS)
@given(share=st.floats(0, 1))
def test_a_dump_cut_anywhere_before_its_last_line_is_refused(dialect, share):
    rows = exports.tables(entry=[exports.entry(n, "2027-04-01", "2027-04-02") for n in range(9)])
    data = exports.dump(rows, dialect)
    whole = data.rstrip().rfind(b"\n")

    assert refusal(data[: int(whole * share)]).code in {
        "dump_truncated",
        "dump_not_sql",
        "file_empty",
    }


def test_counting_rows_does_not_stop_at_what_their_texts_hold():
    sql = "INSERT INTO t (a) VALUES ('a),(b'),(now()),('l\\'un), (');INSERT INTO t (a) VALUES (1);"

    assert grr_sql.parse("base.sql", sql.encode()).count("t") == 4
