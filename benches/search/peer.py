"""SQLite FTS5 on the rows that lookback indexes: python3 peer.py ROWS QUERIES DATABASE

One row for each item of each version. Texts are stored once, in a table with
an index on codes; FTS5 takes its words from there (external content) with the
Porter stemmer. Rows are read into memory first: only SQLite is timed.
"""

import os
import resource
import sqlite3
import sys
import time
from collections import defaultdict

rows_file, queries_file, database = sys.argv[1:4]
rows = [line.rstrip("\n").split("\t") for line in open(rows_file, encoding="utf-8")]
base = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024

start = time.perf_counter()
db = sqlite3.connect(database)
db.executescript(
    """
    pragma journal_mode = off; pragma synchronous = off; pragma cache_size = -200000;
    create table item(id integer primary key, policy, version, kind, system, code, heading, text);
    create virtual table words using fts5(
        text, heading, content='item', content_rowid='id', tokenize='porter unicode61');
    """
)
db.executemany(
    "insert into item(policy, version, kind, system, code, heading, text) values (?,?,?,?,?,?,?)",
    rows,
)
table = time.perf_counter() - start
db.execute("create index code on item(code) where kind = 'code'")
db.execute("insert into words(words) values ('rebuild')")
db.commit()
build = time.perf_counter() - start
usage = resource.getrusage(resource.RUSAGE_SELF)
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
print(
    f"FTS5 {sqlite3.sqlite_version}: {len(rows)} rows, build {build:.2f} s "
    f"(of it {table:.2f} s the table; of processors, reading the rows included, "
    f"{usage.ru_utime + usage.ru_stime:.2f} s), {os.path.getsize(database) / 1e6:.1f} MB, "
    f"peak {peak:.0f} MB ({base:.0f} MB of it the rows)"
)

HIT = "select item.* from words join item on item.id = words.rowid where words match ?"
SQL = {
    "match": HIT + " order by rank limit 20",
    "as-of": HIT + " and version <= ? order by rank limit 20",
}
times = defaultdict(list)
for line in open(queries_file, encoding="utf-8"):
    name, _, kind, *what = line.rstrip("\n").split("\t")
    if kind == "code":
        sql = f"select * from item where kind = 'code' and code {what[0]} limit 20"
        what = []
    else:
        sql = SQL[kind]
    tries = []
    for attempt in range(4):  # the first time it is cold
        start = time.perf_counter()
        db.execute(sql, what).fetchall()
        tries.append(time.perf_counter() - start)
    times[name].append(sorted(tries[1:])[1] * 1000)
for name, taken in times.items():
    taken.sort()
    at = lambda part: taken[min(len(taken) - 1, int(len(taken) * part))]
    print(f"FTS5: {name:<28} p50 {at(0.5):8.3f} ms   p99 {at(0.99):8.3f} ms   max {taken[-1]:8.3f} ms")
