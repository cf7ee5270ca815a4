using System.Buffers;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Encodings.Web;

namespace CogniForge.Llm.Providers;

/// <summary>Replaces a provider's API key in what the provider sends back.</summary>
/// <param name="key">The key; null: there is nothing to replace.</param>
/// <param name="minLength">
/// The minimum length of a replaced key: placeholders such as <c>ollama</c> also occur as words.
/// </param>
internal sealed class ApiKeyMask(string? key, int minLength)
{
    public const string Text = "***";

    // Encoded once, because each event of a stream is searched. The forms live as long as the key.
    private static readonly ConditionalWeakTable<string, (string Text, byte[] Utf8)[]> _formsByKey = [];
    private readonly (string Text, byte[] Utf8)[] _forms =
        key?.Length >= minLength ? _formsByKey.GetValue(key, GetForms) : [];

    /// <summary>Masks UTF-8, also JSON that escapes the key; returns the same array if it lacks the key.</summary>
    public byte[] Apply(byte[] text)
    {
        foreach (var (_, form) in _forms)
        {
            text = Replace(text, form);
        }

        return text;
    }

    public string? Apply(string? text)
    {
        foreach (var (form, _) in _forms)
        {
            text = text?.Replace(form, Text, StringComparison.Ordinal);
        }

        return text;
    }

    private static (string Text, byte[] Utf8)[] GetForms(string key) =>
        [
            .. new[]
            {
                key,
                JavaScriptEncoder.Default.Encode(key),
                key.Replace("/", @"\/", StringComparison.Ordinal),
            }
                .Distinct(StringComparer.Ordinal)
                .Select(form => (form, Encoding.UTF8.GetBytes(form))),
        ];

    private static byte[] Replace(byte[] text, byte[] secret)
    {
        var rest = text.AsSpan();
        var next = rest.IndexOf(secret);
        if (next < 0)
        {
            return text;
        }

        var masked = new ArrayBufferWriter<byte>(text.Length);
        for (; next >= 0; next = rest.IndexOf(secret))
        {
            masked.Write(rest[..next]);
            masked.Write("***"u8);
            rest = rest[(next + secret.Length)..];
        }

        masked.Write(rest);
        return masked.WrittenSpan.ToArray();
    }
}
