using System.Globalization;
using System.Text;

namespace CogniForge.ServiceDefaults.Prometheus;

/// <summary>OpenTelemetry's names in Prometheus' alphabet.</summary>
internal static class PrometheusName
{
    /// <summary>The instrument's name with its unit behind it, e.g. <c>llm.request.duration</c> in <c>s</c>: <c>llm_request_duration_seconds</c>.</summary>
    public static string Of(string name, string? unit)
    {
        var clean = Clean(name);
        var suffix = unit switch
        {
            "s" => "seconds",
            "ms" => "milliseconds",
            "us" => "microseconds",
            "By" => "bytes",
            "1" or "" or null => "",
            _ when unit.StartsWith('{') => "", // an annotation such as {request} says what is counted; it is no unit
            _ => Clean(unit),
        };
        return suffix.Length == 0 || clean.EndsWith("_" + suffix, StringComparison.Ordinal) ? clean : $"{clean}_{suffix}";
    }

    /// <summary>The labels, sorted by name, without braces.</summary>
    public static string Labels(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        if (tags.IsEmpty)
        {
            return "";
        }

        var sorted = tags.ToArray();
        Array.Sort(sorted, (a, b) => string.CompareOrdinal(a.Key, b.Key));
        var text = new StringBuilder();
        foreach (var (key, value) in sorted)
        {
            text.Append(text.Length > 0 ? "," : "").Append(Clean(key)).Append("=\"");
            foreach (var c in value is bool b ? (b ? "true" : "false") : Convert.ToString(value, CultureInfo.InvariantCulture) ?? "")
            {
                _ = c switch { '\\' => text.Append(@"\\"), '"' => text.Append("\\\""), '\n' => text.Append(@"\n"), _ => text.Append(c) };
            }

            text.Append('"');
        }

        return text.ToString();
    }

    private static string Clean(string name) => string.Create(name.Length, name, (span, n) =>
    {
        for (var i = 0; i < span.Length; i++)
        {
            span[i] = char.IsAsciiLetterOrDigit(n[i]) && (i > 0 || !char.IsAsciiDigit(n[i])) ? n[i] : '_';
        }
    });
}
