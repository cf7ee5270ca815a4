using System.Text.Json;
using CogniForge.Llm.Protocols.Json;
using CogniForge.ServiceDefaults.Errors;

namespace CogniForge.Llm.BudgetedRequests;

/// <summary>Puts paths together, only for an error: a body may have millions of parts.</summary>
internal static class FieldErrorPaths
{
    /// <summary>The error below a parent; null: there is none.</summary>
    public static FieldError? Below(string parent, FieldError? error) =>
        error is { } e ? e with { Path = parent + e.Path } : null;

    /// <summary>The first error of an array's items; null: there is none.</summary>
    public static FieldError? First(JsonElement items, Func<JsonElement, FieldError?> validate)
    {
        foreach (var (i, item) in items.Items().Index())
        {
            if (validate(item) is { } error)
            {
                return Below($"[{i}]", error);
            }
        }

        return null;
    }
}
