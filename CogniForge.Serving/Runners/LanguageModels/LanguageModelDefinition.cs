using System.Text.Json.Nodes;

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
)
{
    /// <summary>Creates the body of a chat completion.</summary>
    public JsonObject CreateBody(string prompt)
    {
        var messages = new JsonArray();
        if (System is not null)
        {
            messages.Add(new JsonObject { ["role"] = "system", ["content"] = System });
        }

        messages.Add(new JsonObject { ["role"] = "user", ["content"] = prompt });
        var body = new JsonObject { ["model"] = Model, ["messages"] = messages };
        if (MaxTokens is not null)
        {
            body["max_completion_tokens"] = MaxTokens;
        }

        if (Temperature is not null)
        {
            body["temperature"] = Temperature;
        }

        return body;
    }
}
