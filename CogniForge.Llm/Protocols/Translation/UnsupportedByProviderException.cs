namespace CogniForge.Llm.Protocols.Translation;

/// <summary>The client asks for something that the provider's protocol cannot do.</summary>
internal sealed class UnsupportedByProviderException(string path, string rule) : Exception($"{path} {rule}".TrimStart())
{
    /// <summary>The field's JSON path, e.g. <c>n</c>; null: it is the body itself.</summary>
    public string? Path => path.Length > 0 ? path : null;

    /// <summary>The rule, e.g. "must be 1 for this model".</summary>
    public string Rule => rule;
}
