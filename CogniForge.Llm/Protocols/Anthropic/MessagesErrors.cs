using System.Text.Json.Nodes;
using CogniForge.Llm.Resilience;

namespace CogniForge.Llm.Protocols.Anthropic;

/// <summary>Writes errors in Anthropic's format.</summary>
internal static class MessagesErrors
{
    /// <summary>Anthropic's status for an overloaded model; an overloaded gateway responds with 503 instead.</summary>
    public const int Overloaded = 529;

    /// <summary>The HTTP status of an error that comes from the provider.</summary>
    public static int GetProviderErrorStatus(ClientError error) =>
        error is { Status: 503, Category: ErrorCategory.Overloaded } ? Overloaded : error.Status;

    /// <summary>Writes the error body, which is the same in a response and in a stream.</summary>
    public static JsonObject Write(ClientError error)
    {
        var detail = new JsonObject { ["type"] = GetErrorType(error.Status), ["message"] = GetMessage(error) };
        if (error.Code is not null)
        {
            detail["details"] = new JsonObject { ["error_code"] = error.Code };
        }

        return new()
        {
            ["type"] = "error",
            ["error"] = detail,
            ["request_id"] = error.RequestId,
        };
    }

    private static string GetErrorType(int status) =>
        status switch
        {
            401 => "authentication_error",
            402 => "billing_error",
            403 => "permission_error",
            404 => "not_found_error",
            409 => "conflict_error",
            413 => "request_too_large",
            429 => "rate_limit_error",
            503 => "overloaded_error",
            408 or 504 => "timeout_error",
            >= 500 => "api_error",
            _ => "invalid_request_error",
        };

    // Anthropic's errors have no member for the invalid field, so the message names it.
    private static string GetMessage(ClientError error) =>
        string.IsNullOrEmpty(error.Param) || error.Message.Contains(error.Param, StringComparison.Ordinal)
            ? error.Message
            : $"{error.Param}: {error.Message}";
}
