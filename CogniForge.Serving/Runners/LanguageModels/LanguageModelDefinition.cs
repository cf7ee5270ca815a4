namespace CogniForge.Serving.Runners.LanguageModels;

/// <summary>The definition of a language model.</summary>
/// <param name="Model">The route of the gateway.</param>
/// <param name="System">The system message; null: none.</param>
/// <param name="MaxTokens">The maximum number of tokens of a text; null: the default of the gateway.</param>
/// <param name="Temperature">The sampling temperature, 0 to 2; null: the default of the provider.</param>
internal sealed record LanguageModelDefinition(
    string? Model,
    string? System = null,
    int? MaxTokens = null,
    double? Temperature = null
);
