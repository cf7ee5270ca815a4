using System.Text.Json;
using System.Text.Json.Nodes;
using CogniForge.Llm.Protocols.Json;
using CogniForge.Llm.Resilience;

namespace CogniForge.Llm.Protocols.OpenAI;

/// <summary>The error object of OpenAI's protocols, also used by OpenRouter and OpenAI-compatible servers.</summary>
internal static class OpenAIError
{
    /// <summary>Writes the error body: <c>{"error":{"message","type","param","code"}}</c>.</summary>
    public static JsonObject Write(ClientError error)
    {
        var (type, code) = error switch
        {
            { Category: ErrorCategory.BudgetExceeded } => ("insufficient_quota", "budget_exceeded"),
            { Category: ErrorCategory.Billing, Status: < 500 } => ("insufficient_quota", "insufficient_quota"),
            { Category: ErrorCategory.ContextLength, Status: < 500 } => (
                "invalid_request_error",
                "context_length_exceeded"
            ),
            { Category: ErrorCategory.ContentFilter, Status: < 500 } => ("invalid_request_error", "content_filter"),
            { Status: 401 } => ("invalid_request_error", "invalid_api_key"),
            { Status: 403 } => ("permission_error", null),
            { Status: 429 } => ("rate_limit_error", "rate_limit_exceeded"),
            { Status: 503 } => ("server_error", "service_unavailable"),
            { Status: >= 500 } => ("server_error", null),
            _ => ("invalid_request_error", (string?)null),
        };
        return new()
        {
            ["error"] = new JsonObject
            {
                ["message"] = error.Message,
                ["type"] = type,
                ["param"] = error.Param,
                ["code"] = error.Code ?? code,
            },
        };
    }

    /// <summary>Finds the error in an event; null if there is none.</summary>
    /// <param name="item">The event, whose name may say that its data is an error of any shape.</param>
    /// <param name="data">Its data.</param>
    public static ProviderError? Find(SseEvent item, JsonElement data) =>
        Find(data) ?? (item.IsError ? ProviderErrorClassifier.ClassifyError(data) : null);

    /// <summary>Finds the error in a response or event of status 200; null if there is none.</summary>
    public static ProviderError? Find(JsonElement body)
    {
        if (body.ValueKind == JsonValueKind.Array)
        {
            return body.Items().Select(e => Find(e)).FirstOrDefault(e => e is not null); // Gemini's errors
        }

        var error = body.Member("error");
        return error.IsPresent() ? ProviderErrorClassifier.ClassifyError(error)
            : body.Text("object") == "error" ? ProviderErrorClassifier.ClassifyError(body)
            : null; // vLLM sends object: "error"
    }
}
