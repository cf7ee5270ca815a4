using System.Globalization;

namespace CogniForge.Llm.Pricing;

/// <summary>
/// Estimates tokens by the kinds of characters, for models whose tokenizer is not here. The rates lie between those of
/// o200k_base and cl100k_base, as most vendors' tokenizers do.
/// </summary>
internal static class CharacterTokens
{
    private const double LettersPerToken = 5.5;
    private const double PerCjkCharacter = 0.85;
    private const double PerHangulSyllable = 0.8;
    private const double PerOtherLetter = 0.38;
    private const double PerAccent = 0.4;
    private const double PerPunctuation = 0.4;
    private const int DigitsPerToken = 3;

    public static double Estimate(ReadOnlySpan<char> text)
    {
        var tokens = 0.0;
        for (var i = 0; i < text.Length;)
        {
            var kind = GetKind(text[i]);
            var start = i;
            for (i++; i < text.Length && GetKind(text[i]) == kind && !IsHump(text, i, kind); i++) { }
            tokens += Estimate(text[start..i], kind);
        }

        return tokens;
    }

    private static double Estimate(ReadOnlySpan<char> run, Kind kind) =>
        kind switch
        {
            Kind.Latin => Math.Max(1, run.Length / LettersPerToken) + (PerAccent * CountAccents(run)),
            Kind.Digit => Math.Ceiling(run.Length / (double)DigitsPerToken),
            Kind.Space => run is " " ? 0 : 1, // a single space is a part of the next word
            Kind.Punctuation => Math.Max(1, PerPunctuation * run.Length),
            Kind.Cjk => PerCjkCharacter * run.Length,
            Kind.Hangul => PerHangulSyllable * run.Length,
            Kind.Letter => Math.Max(1, PerOtherLetter * run.Length),
            _ => run.Length,
        };

    private static int CountAccents(ReadOnlySpan<char> run)
    {
        var count = 0;
        foreach (var c in run)
        {
            count += c > '\u007F' ? 1 : 0;
        }

        return count;
    }

    // camelCase is several words.
    private static bool IsHump(ReadOnlySpan<char> text, int i, Kind kind) =>
        kind == Kind.Latin && char.IsAsciiLetterUpper(text[i]) && char.IsAsciiLetterLower(text[i - 1]);

    private static Kind GetKind(char c) =>
        c switch
        {
            _ when char.IsAsciiLetter(c) => Kind.Latin,
            ' ' or '\n' or '\r' or '\t' => Kind.Space,
            _ when char.IsAsciiDigit(c) => Kind.Digit,
            < '\u0080' => Kind.Punctuation,
            < '\u0250' when char.IsLetter(c) => Kind.Latin,
            (>= '\u2E80' and < '\uA4D0') or (>= '\uF900' and < '\uFB00') or (>= '\uFF00' and < '\uFFF0') => Kind.Cjk,
            >= '\uAC00' and < '\uD7B0' => Kind.Hangul,
            _ when char.IsLetter(c) || char.GetUnicodeCategory(c) == UnicodeCategory.NonSpacingMark => Kind.Letter,
            _ => Kind.Other,
        };

    private enum Kind
    {
        Latin,
        Digit,
        Space,
        Punctuation,
        Cjk,
        Hangul,
        Letter,
        Other,
    }
}
