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
