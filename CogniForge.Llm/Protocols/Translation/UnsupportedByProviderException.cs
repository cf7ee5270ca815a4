namespace CogniForge.Llm.Protocols.Translation;

/// <summary>A request field is invalid, or requests what the provider's protocol does not support.</summary>
internal sealed class UnsupportedByProviderException(string path, string rule) : Exception($"{path} {rule}".TrimStart())
{
    /// <summary>The field's JSON path, e.g. <c>n</c>; null for the body itself.</summary>
    public string? Path => path.Length > 0 ? path : null;

    /// <summary>The rule that the field breaks, e.g. "must be 1 for this model".</summary>
    public string Rule => rule;
}
