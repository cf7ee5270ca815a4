using System.Numerics;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;

namespace CogniForge.Llm.Protocols;

/// <summary>
/// The length of a text that arrives in parts, and its beginning, from which its tokens are estimated if the provider
/// sends no usage. Not thread-safe.
/// </summary>
internal sealed class TextSample
{
    /// <summary>What an open stream keeps of its text at most, in bytes.</summary>
    public const int MaxBytes = 8_192;

    private const int MaxEscapeLength = 6;

    private byte[] _bytes = [];
    private int _length;

    /// <summary>The characters of the whole text; escapes count as written.</summary>
    public int Characters { get; private set; }

    /// <summary>The characters of <see cref="Text"/>, counted like <see cref="Characters"/>.</summary>
    public int SampledCharacters => Encoding.UTF8.GetCharCount(_bytes, 0, _length);

    /// <summary>The beginning of the text.</summary>
    public string Text => Decode(_bytes.AsSpan(0, _length));

    /// <summary>
    /// Decodes a JSON string without its quotes, which may be cut; text that is no JSON stays as it is.
    /// </summary>
    public static string Decode(ReadOnlySpan<byte> raw)
    {
        var tail = Math.Max(0, raw.Length - MaxEscapeLength);
        var escape = raw[tail..].LastIndexOf((byte)'\\');
        return TryDecode(raw)
            ?? (escape < 0 ? null : TryDecode(raw[..(tail + escape)]))
            ?? Encoding.UTF8.GetString(raw);
    }

    /// <summary>Creates the sample of a body that is not valid JSON.</summary>
    public static TextSample From(ReadOnlySpan<byte> body)
    {
        var sample = new TextSample();
        sample.Append(body);
        return sample;
    }

    /// <summary>Adds a string; ignores values of other kinds.</summary>
    public void Add(JsonElement value)
    {
        if (value.ValueKind == JsonValueKind.String)
        {
            Add(JsonMarshal.GetRawUtf8Value(value));
        }
    }

    /// <summary>Adds a string, or an object as it is written.</summary>
    public void AddArguments(JsonElement value)
    {
        Add(value);
        if (value.ValueKind == JsonValueKind.Object)
        {
            Append(JsonMarshal.GetRawUtf8Value(value));
        }
    }

    /// <summary>Adds a raw JSON value if it is a string.</summary>
    public void Add(ReadOnlySpan<byte> json)
    {
        if (json.Length > 2 && json[0] == '"')
        {
            Append(json[1..^1]);
        }
    }

    private void Append(ReadOnlySpan<byte> text)
    {
        Characters += Encoding.UTF8.GetCharCount(text);
        var room = MaxBytes - _length;
        text = text.Length <= room ? text : text[..GetBoundary(text, room)];
        if (_length + text.Length > _bytes.Length)
        {
            Array.Resize(ref _bytes, (int)BitOperations.RoundUpToPowerOf2((uint)Math.Max(256, _length + text.Length)));
        }

        text.CopyTo(_bytes.AsSpan(_length));
        _length += text.Length;
    }

    private static string? TryDecode(ReadOnlySpan<byte> raw)
    {
        var json = new byte[raw.Length + 2];
        (json[0], json[^1]) = ((byte)'"', (byte)'"');
        raw.CopyTo(json.AsSpan(1));
        try
        {
            return JsonElement.Parse(json).GetString();
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    private static int GetBoundary(ReadOnlySpan<byte> text, int end)
    {
        while (end > 0 && (text[end] & 0xC0) == 0x80)
        {
            end--;
        }

        return end;
    }
}
