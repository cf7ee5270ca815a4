using System.Globalization;
using System.Text;

namespace CogniForge.Statistics.Text;

internal static class RougeText
{
    private const int MaxUnstemmedLength = 3;

    public static string[] Tokenize(string text, RougeOptions options)
    {
        var tokens = new List<string>();
        var token = new StringBuilder();
        foreach (var rune in text.ToLowerInvariant().EnumerateRunes())
        {
            if (!IsPart(rune, options.Tokenizer) || IsTokenByItself(rune))
            {
                Complete();
            }

            if (IsPart(rune, options.Tokenizer))
            {
                token.Append(rune);
            }

            if (IsTokenByItself(rune))
            {
                Complete();
            }
        }

        Complete();
        return [.. tokens];

        void Complete()
        {
            if (token.Length > 0)
            {
                var word = token.ToString();
                var isStemmed = options.UseStemmer && word.Length > MaxUnstemmedLength;
                tokens.Add(isStemmed ? PorterStemmer.Stem(word) : word);
                token.Clear();
            }
        }
    }

    private static bool IsPart(Rune rune, RougeTokenizer tokenizer) =>
        tokenizer == RougeTokenizer.Ascii
            ? rune.IsAscii && Rune.IsLetterOrDigit(rune)
            : Rune.IsLetterOrDigit(rune)
                || Rune.GetUnicodeCategory(rune)
                    is UnicodeCategory.NonSpacingMark
                        or UnicodeCategory.SpacingCombiningMark;

    // Scripts that put no spaces between words: hiragana and katakana, and the blocks of Han ideographs.
    private static bool IsTokenByItself(Rune rune) =>
        rune.Value is (>= 0x3040 and <= 0x30FF) or (>= 0x3400 and <= 0x9FFF) or (>= 0xF900 and <= 0xFAFF)
            or (>= 0x20000 and <= 0x323AF);
}
