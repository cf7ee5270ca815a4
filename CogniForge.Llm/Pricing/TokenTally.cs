using Microsoft.ML.Tokenizers;

namespace CogniForge.Llm.Pricing;

/// <summary>
/// Counts the tokens of a text that comes in parts, in bounded time: slice by slice, because tokenizers take quadratic
/// time for long words, and of a long text only every n-th slice.
/// </summary>
/// <param name="tokenizer">The model's tokenizer; null: tokens are estimated by the kinds of characters.</param>
/// <param name="expectedCharacters">About how many characters the text has.</param>
internal sealed class TokenTally(Tokenizer? tokenizer, int expectedCharacters)
{
    /// <summary>Texts beyond about this number of characters are sampled.</summary>
    public const int MaxCharacters = 32_768;

    private const int SliceLength = 256;

    private readonly int _stride = Math.Max(1, (int)Math.Ceiling(expectedCharacters / (double)MaxCharacters));
    private long _characters;
    private long _sampled;
    private int _slices;
    private double _tokens;
    private long _added;

    /// <summary>The tokens, rounded up.</summary>
    public int Total =>
        (int)Math.Min(
            int.MaxValue,
            _added + (_sampled == 0 ? 0 : Math.Ceiling(_tokens * (_characters / (double)_sampled)))
        );

    public void Add(ReadOnlySpan<char> text)
    {
        while (!text.IsEmpty)
        {
            var slice = text[..GetSliceLength(text)];
            text = text[slice.Length..];
            _characters += slice.Length;
            if (_slices++ % _stride == 0)
            {
                _sampled += slice.Length;
                _tokens += tokenizer?.CountTokens(slice) ?? CharacterTokens.Estimate(slice);
            }
        }
    }

    /// <summary>Counts characters without their text, by the rate of the others.</summary>
    public void Skip(long characters) => _characters += characters;

    public void AddTokens(int tokens) => _added += tokens;

    // Tokens begin with the space before a word, and never cross it.
    private static int GetSliceLength(ReadOnlySpan<char> text)
    {
        if (text.Length <= SliceLength)
        {
            return text.Length;
        }

        var space = text[..SliceLength].LastIndexOfAny(' ', '\n');
        return space > SliceLength / 2 ? space
            : char.IsHighSurrogate(text[SliceLength - 1]) ? SliceLength - 1
            : SliceLength;
    }
}
