using CogniForge.Llm.Protocols;
using Microsoft.ML.Tokenizers;

namespace CogniForge.Llm.Pricing;

/// <summary>
/// Counts the tokens of a text that comes in parts, in bounded time: slice by slice, because tokenizers take quadratic
/// time for long words, and of a long text only every n-th slice.
/// </summary>
/// <param name="tokenizer">The model's tokenizer; null: tokens are estimated by the kinds of characters.</param>
/// <param name="expectedLength">About how long the text is.</param>
internal sealed class TokenTally(Tokenizer? tokenizer, int expectedLength)
{
    /// <summary>Texts beyond about this length are sampled.</summary>
    public const int MaxLength = 32_768;

    private const int JsonSliceLength = 1_024;
    private const int SliceLength = 256;

    private readonly int _stride = Math.Max(1, (int)Math.Ceiling(expectedLength / (double)MaxLength));
    private long _length;
    private long _counted;
    private int _slices;
    private double _tokens;
    private long _added;

    /// <summary>The tokens, rounded up.</summary>
    public int Total =>
        (int)Math.Min(
            int.MaxValue,
            _added + (_counted == 0 ? 0 : Math.Ceiling(_tokens * (_length / (double)_counted)))
        );

    /// <summary>Adds a JSON string without its quotes.</summary>
    public void AddJson(ReadOnlySpan<byte> raw)
    {
        while (!raw.IsEmpty)
        {
            var slice = raw[..GetSliceLength(raw)];
            raw = raw[slice.Length..];
            _length += slice.Length;
            if (_slices++ % _stride == 0 && _counted < 2 * MaxLength)
            {
                _counted += slice.Length;
                Count(TextSample.Decode(slice));
            }
        }
    }

    public void Add(string text)
    {
        _length += text.Length;
        _counted += text.Length;
        Count(text);
    }

    public void AddTokens(int tokens) => _added += tokens;

    private void Count(ReadOnlySpan<char> text)
    {
        while (!text.IsEmpty)
        {
            var slice = text[..GetSliceLength(text)];
            text = text[slice.Length..];
            _tokens += tokenizer?.CountTokens(slice) ?? CharacterTokens.Estimate(slice);
        }
    }

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

    private static int GetSliceLength(ReadOnlySpan<byte> raw)
    {
        if (raw.Length <= JsonSliceLength)
        {
            return raw.Length;
        }

        var space = raw[..JsonSliceLength].LastIndexOf((byte)' ');
        var end = space > JsonSliceLength / 2 ? space : JsonSliceLength;
        while ((raw[end] & 0xC0) == 0x80 && end > JsonSliceLength / 2)
        {
            end--; // within a character
        }

        return end;
    }
}
