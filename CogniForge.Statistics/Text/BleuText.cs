using System.Text.RegularExpressions;

namespace CogniForge.Statistics.Text;

/// <summary>The tokenizers of sacreBLEU (<c>sacrebleu/tokenizers</c>).</summary>
internal static partial class BleuText
{
    public static string[] Tokenize(string text, BleuOptions options)
    {
        text = text.TrimEnd();
        text = options.Lowercase ? text.ToLowerInvariant() : text;
        return options.Tokenizer switch
        {
            BleuTokenizer.Characters => [.. text.EnumerateRunes().Where(IsVisible).Select(rune => rune.ToString())],
            BleuTokenizer.None => Split(text),
            _ => Split(Mteval13a(text)),
        };
    }

    private static string Mteval13a(string text)
    {
        text = text.Replace("<skipped>", "", StringComparison.Ordinal)
            .Replace("-\n", "", StringComparison.Ordinal)
            .Replace('\n', ' ')
            .Replace("&quot;", "\"", StringComparison.Ordinal)
            .Replace("&amp;", "&", StringComparison.Ordinal)
            .Replace("&lt;", "<", StringComparison.Ordinal)
            .Replace("&gt;", ">", StringComparison.Ordinal);
        text = Symbol().Replace($" {text} ", " $1 ");
        text = PointAfterNonDigit().Replace(text, "$1 $2 ");
        text = PointBeforeNonDigit().Replace(text, " $1 $2");
        return DashAfterDigit().Replace(text, "$1 $2 ");
    }

    private static string[] Split(string text) => text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);

    private static bool IsVisible(System.Text.Rune rune) => !System.Text.Rune.IsWhiteSpace(rune);

    // ASCII symbols except apostrophe, comma, dash and full stop.
    [GeneratedRegex(@"([\u007B-\u007E\u005B-\u0060\u0020-\u0026\u0028-\u002B\u003A-\u0040\u002F])")]
    private static partial Regex Symbol();

    [GeneratedRegex("([^0-9])([.,])")]
    private static partial Regex PointAfterNonDigit();

    [GeneratedRegex("([.,])([^0-9])")]
    private static partial Regex PointBeforeNonDigit();

    [GeneratedRegex("([0-9])(-)")]
    private static partial Regex DashAfterDigit();
}
