using Microsoft.ML.Tokenizers;

namespace CogniForge.Llm.Pricing;

/// <summary>
/// The tokenizers of OpenAI's models. Each is loaded when it is first used, because that takes half a second and some
/// 40 MB, which a gateway does not need while providers report their usage.
/// </summary>
internal static class Tokenizers
{
    private static readonly Lazy<Tokenizer> _o200k = Load("o200k_base");
    private static readonly Lazy<Tokenizer> _cl100k = Load("cl100k_base");

    // The first match counts. By tiktoken's table of models.
    private static readonly (string Prefix, Lazy<Tokenizer> Tokenizer)[] _models =
    [
        .. new[] { "gpt-4o", "gpt-4.1", "gpt-4.5", "gpt-5", "gpt-6", "gpt-oss", "gpt-audio", "gpt-realtime" }.Select(
            p => (p, _o200k)
        ),
        .. new[] { "chatgpt-4o", "o1", "o3", "o4", "codex-" }.Select(p => (p, _o200k)),
        .. new[] { "gpt-4", "gpt-3.5", "gpt-35", "text-embedding-" }.Select(p => (p, _cl100k)),
    ];

    /// <summary>Finds the tokenizer of a model; null: it has none here.</summary>
    /// <param name="model">The provider's name, also with a vendor (<c>openai/gpt-4o</c>) or fine-tuned.</param>
    public static Tokenizer? Find(string model)
    {
        var name = model[(model.LastIndexOf('/') + 1)..];
        name = name.StartsWith("ft:", StringComparison.Ordinal) ? name[3..] : name;
        return _models
            .FirstOrDefault(m => name.StartsWith(m.Prefix, StringComparison.OrdinalIgnoreCase))
            .Tokenizer?.Value;
    }

    private static Lazy<Tokenizer> Load(string encoding) => new(() => TiktokenTokenizer.CreateForEncoding(encoding));
}
