"""Small counts are withheld, and whatever would give them away by subtraction."""

import itertools
import random

from petitions.disclosure import LEAST, Sum, withheld


def key(name):
    return (name,)


def table(rows, columns, cells):
    """Two ways of cutting one total: every cell, the sums of rows and of columns, the whole."""
    counts = {(row, column): cells[row, column] for row, column in itertools.product(rows, columns)}
    sums = []
    for row in rows:
        counts[row, ""] = sum(cells[row, column] for column in columns)
        sums.append(Sum((row, ""), tuple((row, column) for column in columns)))
    for column in columns:
        counts["", column] = sum(cells[row, column] for row in rows)
        sums.append(Sum(("", column), tuple((row, column) for row in rows)))
    counts["", ""] = sum(cells.values())
    sums += [
        Sum(("", ""), tuple((row, "") for row in rows)),
        Sum(("", ""), tuple(("", column) for column in columns)),
    ]
    return counts, sums


def test_what_is_below_five_is_withheld_and_nought_too():
    assert withheld({key("a"): 4, key("b"): 5, key("c"): 0}, []) == {key("a"), key("c")}


def test_one_small_part_of_a_shown_sum_takes_the_next_smallest_with_it():
    counts = {key("all"): 30, key("a"): 3, key("b"): 9, key("c"): 18}
    sums = [Sum(key("all"), (key("a"), key("b"), key("c")))]

    assert withheld(counts, sums) == {key("a"), key("b")}


def test_small_parts_that_make_fewer_than_five_together_take_one_more():
    counts = {key("all"): 31, key("a"): 1, key("b"): 3, key("c"): 9, key("d"): 18}
    sums = [Sum(key("all"), (key("a"), key("b"), key("c"), key("d")))]

    assert withheld(counts, sums) == {key("a"), key("b"), key("c")}


def test_nothing_small_nothing_withheld():
    counts = {key("all"): 14, key("a"): 5, key("b"): 9}

    assert withheld(counts, [Sum(key("all"), (key("a"), key("b")))]) == frozenset()


def test_a_total_goes_only_where_no_part_is_left():
    counts = {key("all"): 6, key("a"): 3, key("b"): 3}
    assert withheld(counts, [Sum(key("all"), (key("a"), key("b")))]) == {key("a"), key("b")}

    counts = {key("all"): 4, key("a"): 4}
    assert withheld(counts, [Sum(key("all"), (key("a"),))]) == {key("all"), key("a")}


def test_a_small_cell_of_two_cuts_hides_a_rectangle():
    cells = {("龙集里", "01"): 2, ("龙集里", "02"): 7, ("龙泉里", "01"): 8, ("龙泉里", "02"): 20}
    counts, sums = table(["龙集里", "龙泉里"], ["01", "02"], cells)

    assert withheld(counts, sums) == set(cells)


def consistent(counts, sums, hidden, ceiling):
    """Every way to fill in what is withheld that agrees with all that is shown: an attack by trying."""
    unknown = sorted(hidden)
    for guess in itertools.product(range(ceiling + 1), repeat=len(unknown)):
        filled = {**counts, **dict(zip(unknown, guess, strict=True))}
        if all(filled[one.total] == sum(filled[part] for part in one.parts) for one in sums):
            yield dict(zip(unknown, guess, strict=True))


def test_putting_all_sums_together_gives_no_small_count_away():
    """Tried by brute force, on tables small enough to try everything."""
    attacked, draw = 0, random.Random(7)
    for _each in range(100):
        cells = {cell: draw.choice((1, 3, 6, 8, 11)) for cell in itertools.product("ab", "xyz")}
        counts, sums = table("ab", "xyz", cells)
        hidden = withheld(counts, sums)
        inner = {cell for cell in hidden if "" not in cell}
        if not hidden or len(inner) > 4 or hidden != inner:
            continue
        attacked += 1
        found = list(consistent(counts, sums, hidden, 12))
        for cell in hidden:
            if counts[cell] < LEAST:
                assert len({one[cell] for one in found}) > 1, (cells, cell)
    assert attacked > 10


def test_three_sums_that_only_together_give_a_count_away_are_found_out():
    # x + y, y + z and x + z: each hides two, together they say all three
    counts = {key("p"): 17, key("q"): 15, key("r"): 6, key("x"): 4, key("y"): 13, key("z"): 2}
    x, y, z = key("x"), key("y"), key("z")
    sums = [Sum(key("p"), (x, y)), Sum(key("q"), (y, z)), Sum(key("r"), (x, z))]

    hidden = withheld(counts, sums)

    assert {x, y, z} < hidden
    assert hidden & {key("p"), key("q"), key("r")}
