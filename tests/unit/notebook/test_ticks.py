"""The values at the axis of a chart: three, round, around all that is shown."""


def test_ticks_are_three_round_values_written_without_the_last_bits_of_arithmetic(in_page):
    code = """
      const written = [];
      for (let high = 0.001; high < 5000; high *= 1.07) {
        const ticks = niceTicks([[0, high]]);
        if (ticks.length !== 3 || ticks[0] > 0 || ticks[2] < high) return [high, ticks];
        written.push(...ticks.map(String));
      }
      return written.filter((text) => text.replace(/e.*|[.-]/g, "").replace(/^0+/, "").length > 4);
    """
    assert in_page("shared/chart.js", code) == []


def test_a_tick_is_written_as_the_number_that_it_is(in_page):
    values = [0, 7500, 15_000, 20_000, 2_500_000, 0.25, 120, 1050, 2e-5, -15_000]
    assert in_page("training/charts.js", f"return {values}.map(tick);") == [
        "0", "7.5k", "15k", "20k", "2.5M", "0.25", "120", "1.05k", "2e-5", "-15k",
    ]  # fmt: skip
