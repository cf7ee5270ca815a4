using System.IO.Enumeration;
using System.Text.Json;
using CogniForge.Llm.Gateway;
using CogniForge.Llm.Protocols.Json;
using CogniForge.ServiceDefaults.ApiKeys;

namespace CogniForge.Llm.Limits;

/// <summary>The routes and models that a key may use.</summary>
internal static class RouteAccess
{
    // Fields by which OpenRouter lets a request name more models than the one that is checked.
    private static readonly string[] _fieldsWithModels = ["models", "preset"];

    /// <summary>The refusal of a model that the caller may not use; null: the caller may.</summary>
    public static ErrorResponse? Check(Caller caller, InferenceRequest request, string route)
    {
        var limits = caller.Limits as KeyLimits;
        if (!IsAllowed(limits, request.Model, route))
        {
            return new(LimitErrors.RouteNotAllowed(request.Model));
        }

        var field = limits?.Routes is null
            ? null
            : Array.Find(_fieldsWithModels, f => request.Body.Members(f).Any(m => m.ValueKind != JsonValueKind.Null));
        return field is null ? null : new(LimitErrors.ModelsNotAllowed(field));
    }

    /// <summary>Whether limits allow a model, by the requested name or by the name of its route.</summary>
    public static bool IsAllowed(KeyLimits? limits, string model, string route) =>
        limits?.Routes is not { } patterns
        || patterns.Any(pattern => IsMatch(pattern, model) || IsMatch(pattern, route));

    private static bool IsMatch(string pattern, string name) =>
        FileSystemName.MatchesSimpleExpression(pattern, name, ignoreCase: false);
}
