using System.IO.Enumeration;
using CogniForge.Llm.Gateway;
using CogniForge.ServiceDefaults.ApiKeys;

namespace CogniForge.Llm.Limits;

/// <summary>The routes and models that a key may use.</summary>
internal static class RouteAccess
{
    /// <summary>The refusal of a model that the caller may not use; null: the caller may.</summary>
    public static ErrorResponse? Check(Caller caller, string model, string route) =>
        IsAllowed(caller.Limits as KeyLimits, model, route) ? null : new(LimitErrors.RouteNotAllowed(model));

    /// <summary>Whether limits allow a model, by the requested name or by the name of its route.</summary>
    public static bool IsAllowed(KeyLimits? limits, string model, string route) =>
        limits?.Routes is not { } patterns
        || patterns.Any(pattern => IsMatch(pattern, model) || IsMatch(pattern, route));

    private static bool IsMatch(string pattern, string name) =>
        FileSystemName.MatchesSimpleExpression(pattern, name, ignoreCase: false);
}
