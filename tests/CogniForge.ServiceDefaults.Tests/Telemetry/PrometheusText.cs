using System.Globalization;
using System.Text.RegularExpressions;

namespace CogniForge.ServiceDefaults.Tests.Telemetry;

/// <summary>Parses Prometheus' text format 0.0.4 as strictly as Prometheus.</summary>
internal sealed partial class PrometheusText
{
    private readonly Dictionary<string, string> _types = new(StringComparer.Ordinal);
    private readonly Dictionary<string, double> _series = new(StringComparer.Ordinal);

    /// <summary>The names of the metric families.</summary>
    public IReadOnlyCollection<string> Families => _types.Keys;

    /// <summary>The values by name and labels as written, without empty braces.</summary>
    public IReadOnlyDictionary<string, double> Series => _series;

    public static PrometheusText Parse(string text)
    {
        Assert.EndsWith("\n", text, StringComparison.Ordinal);
        var parsed = new PrometheusText();
        var family = "";
        foreach (
            var line in text.Split('\n')
                .Where(l => l.Length > 0 && !l.StartsWith("# HELP ", StringComparison.Ordinal) && l != "# EOF")
        )
        {
            if (TypeLine().Match(line) is { Success: true } type)
            {
                family = type.Groups["name"].Value;
                Assert.True(
                    parsed._types.TryAdd(family, type.Groups["type"].Value),
                    $"A second family of one name: {line}"
                );
                continue;
            }

            var sample = SampleLine().Match(line);
            Assert.True(sample.Success, $"Not a sample: {line}");
            var isOfFamily = parsed._types[family] is "histogram"
                ? new[] { "_bucket", "_sum", "_count" }.Any(suffix => sample.Groups["name"].Value == family + suffix)
                : sample.Groups["name"].Value == family;
            Assert.True(isOfFamily, $"Not of the family {family}: {line}");
            var series = sample.Groups["series"].Value.Replace("{}", "", StringComparison.Ordinal);
            Assert.True(
                parsed._series.TryAdd(series, Number(sample.Groups["value"].Value)),
                $"A second sample of one series: {line}"
            );
        }

        return parsed;
    }

    private static double Number(string text) =>
        text switch
        {
            "+Inf" => double.PositiveInfinity,
            "-Inf" => double.NegativeInfinity,
            _ => double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture),
        };

    [GeneratedRegex("^# TYPE (?<name>[a-zA-Z_:][a-zA-Z0-9_:]*) (?<type>counter|gauge|histogram|summary|untyped)$")]
    private static partial Regex TypeLine();

    [GeneratedRegex(
        """
        ^(?<series>(?<name>[a-zA-Z_:][a-zA-Z0-9_:]*)(\{([a-zA-Z_][a-zA-Z0-9_]*="([^"\\\n]|\\["\\n])*",?)*\})?)[ ]
        (?<value>\S+)([ ]\d+)?$
        """,
        RegexOptions.IgnorePatternWhitespace
    )]
    private static partial Regex SampleLine();
}
