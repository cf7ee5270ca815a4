using System.Text.Json;
using CogniForge.ServiceDefaults.Errors;

namespace CogniForge.Llm.Gateway.Requests;

/// <summary>Validates the <c>input</c> of responses and embeddings requests.</summary>
internal static class InputValidator
{
    /// <summary>Adds an error unless the input is a string or an array.</summary>
    /// <returns>The number of characters of the input.</returns>
    public static int Validate(JsonElement body, FieldErrors errors)
    {
        if (
            body.TryGetProperty("input", out var input)
            && input.ValueKind is JsonValueKind.String or JsonValueKind.Array
        )
        {
            return RequestFields.CountCharacters(input);
        }

        errors.Add(new("input", "must be a string or an array"));
        return 0;
    }
}
