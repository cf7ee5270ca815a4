using System.Globalization;
using System.Text.RegularExpressions;

namespace CogniForge.Serving.Tracking;

/// <summary>The filter of MLflow's searches: comparisons joined by AND, e.g. <c>metrics.auc > 0.9</c>.</summary>
internal sealed partial class MlflowFilter
{
    private const int MaxLength = 10_000;
    private static readonly TimeSpan _patternTimeout = TimeSpan.FromMilliseconds(100);
    private readonly IReadOnlyList<Comparison> _comparisons;

    private MlflowFilter(IReadOnlyList<Comparison> comparisons) => _comparisons = comparisons;

    /// <summary>Parses a filter.</summary>
    /// <param name="text">The filter; null or blank: everything matches.</param>
    /// <exception cref="MlflowException">The filter is not valid.</exception>
    public static MlflowFilter Parse(string? text)
    {
        var comparisons = new List<Comparison>();
        var rest = (text ?? "").Trim();
        if (rest.Length > MaxLength)
        {
            throw MlflowException.Invalid($"A filter has at most {MaxLength} characters.");
        }

        while (rest.Length > 0)
        {
            var match = NextComparison().Match(rest);
            if (!match.Success)
            {
                throw MlflowException.Invalid($"Invalid clause(s) in filter string: '{rest}'.");
            }

            comparisons.Add(
                new(Normalise(match.Groups["key"].Value), match.Groups["op"].Value.ToUpperInvariant(), Read(match))
            );
            rest = rest[match.Length..].TrimStart();
            if (rest.Length > 0)
            {
                var and = And().Match(rest);
                rest = and.Success
                    ? rest[and.Length..]
                    : throw MlflowException.Invalid($"Invalid clause(s) in filter string: '{rest}'.");
            }
        }

        return new(comparisons);
    }

    /// <summary>The text that a key must equal; null: the filter does not say.</summary>
    public string? FindEqual(string key) =>
        _comparisons.FirstOrDefault(c => c.Key == key && c.Operator == "=")?.Values[0];

    /// <summary>Whether an entity matches.</summary>
    /// <param name="get">
    /// The value of a key (<c>name</c>, <c>tags.team</c>, <c>metrics.auc</c>): a text, a number, or null if the entity
    /// lacks it. It throws for keys that no such entity has.
    /// </param>
    public bool IsMatch(Func<string, object?> get) => _comparisons.All(c => IsMatch(c, get(c.Key)));

    private static bool IsMatch(Comparison comparison, object? value) =>
        value switch
        {
            null => false,
            string text => comparison.Operator switch
            {
                "=" => text == comparison.Values[0],
                "!=" => text != comparison.Values[0],
                "IN" => comparison.Values.Contains(text),
                "NOT IN" => !comparison.Values.Contains(text),
                "LIKE" => IsLike(text, comparison.Values[0], RegexOptions.None),
                "ILIKE" => IsLike(text, comparison.Values[0], RegexOptions.IgnoreCase),
                _ => throw MlflowException.Invalid(
                    $"Invalid comparator '{comparison.Operator}' for '{comparison.Key}', which is a text."
                ),
            },
            _ => IsMatch(comparison, Convert.ToDouble(value, CultureInfo.InvariantCulture)),
        };

    private static bool IsMatch(Comparison comparison, double value)
    {
        if (!double.TryParse(comparison.Values[0], NumberStyles.Float, CultureInfo.InvariantCulture, out var other))
        {
            throw MlflowException.Invalid($"Expected a number for '{comparison.Key}', got '{comparison.Values[0]}'.");
        }

        return comparison.Operator switch
        {
            "=" => value == other,
            "!=" => value != other,
            ">" => value > other,
            ">=" => value >= other,
            "<" => value < other,
            "<=" => value <= other,
            _ => throw MlflowException.Invalid(
                $"Invalid comparator '{comparison.Operator}' for '{comparison.Key}', which is a number."
            ),
        };
    }

    // SQL's LIKE: % for any text, _ for one character.
    private static bool IsLike(string text, string pattern, RegexOptions options)
    {
        try
        {
            return Regex.IsMatch(
                text,
                "^"
                    + Regex
                        .Escape(pattern)
                        .Replace("%", ".*", StringComparison.Ordinal)
                        .Replace("_", ".", StringComparison.Ordinal)
                    + "$",
                options | RegexOptions.Singleline | RegexOptions.NonBacktracking,
                _patternTimeout
            );
        }
        catch (Exception e) when (e is NotSupportedException or RegexMatchTimeoutException)
        {
            throw MlflowException.Invalid("A pattern of the filter is too complex.");
        }
    }

    private static string[] Read(Match match) =>
        match.Groups["list"].Success
            ? [.. Quoted().Matches(match.Groups["list"].Value).Select(m => m.Groups[1].Value)]
            : [match.Groups["text"].Success ? match.Groups["text"].Value : match.Groups["number"].Value];

    /// <summary>A key with the short or long prefix of its kind replaced.</summary>
    public static string Normalise(string key)
    {
        key = key.Replace("`", "", StringComparison.Ordinal).Replace("\"", "", StringComparison.Ordinal);
        foreach (
            var (alias, name) in new[]
            {
                ("attributes.", ""),
                ("attribute.", ""),
                ("attr.", ""),
                ("run.", ""),
                ("metric.", "metrics."),
                ("param.", "params."),
                ("parameter.", "params."),
                ("parameters.", "params."),
                ("tag.", "tags."),
            }
        )
        {
            if (key.StartsWith(alias, StringComparison.OrdinalIgnoreCase))
            {
                return name + key[alias.Length..];
            }
        }

        return key;
    }

    [GeneratedRegex(
        """
        ^(?<key>[A-Za-z_]+(?:\.(?:`[^`]+`|"[^"]+"|[\w/.\-]+))?)
        \s*(?<op>!=|>=|<=|=|>|<|LIKE\b|ILIKE\b|NOT\s+IN\b|IN\b)
        \s*(?:'(?<text>[^']*)'|"(?<text>[^"]*)"
            |(?<number>[-+]?[0-9.]+(?:[eE][-+]?[0-9]+)?)
            |\((?<list>\s*'[^']*'(?:\s*,\s*'[^']*')*\s*)\))
        """,
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.IgnorePatternWhitespace
    )]
    private static partial Regex NextComparison();

    [GeneratedRegex(@"^AND\s+", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex And();

    [GeneratedRegex("'([^']*)'")]
    private static partial Regex Quoted();

    private sealed record Comparison(string Key, string Operator, IReadOnlyList<string> Values);
}
