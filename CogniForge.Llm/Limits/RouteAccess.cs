using System.IO.Enumeration;
using System.Text.Json;
using CogniForge.Llm.Gateway;
using CogniForge.Llm.Protocols.Json;
using CogniForge.ServiceDefaults.ApiKeys;

namespace CogniForge.Llm.Limits;

/// <summary>The routes and models that a key may use, by its own limits and by those of its project.</summary>
internal static class RouteAccess
{
    // Fields by which OpenRouter lets a request name more models than the one that is checked.
    private static readonly string[] _fieldsWithModels = ["models", "preset"];

    /// <summary>The refusal of a request for what the caller may not use; null: the caller may.</summary>
    public static ErrorResponse? Check(Caller caller, ProjectTable projects, InferenceRequest request, string route)
    {
        if (Check(caller, projects, request.Model, route) is { } refusal)
        {
            return refusal;
        }

        var field = HasRoutes(caller, projects)
            ? Array.Find(_fieldsWithModels, f => request.Body.Members(f).Any(m => m.ValueKind != JsonValueKind.Null))
            : null;
        return field is null ? null : new(LimitErrors.ModelsNotAllowed(field));
    }

    /// <summary>The refusal of a model that the caller may not use; null: the caller may.</summary>
    public static ErrorResponse? Check(Caller caller, ProjectTable projects, string model, string route) =>
        CheckProject(caller, projects)
        ?? (
            !IsAllowed(caller.Limits as KeyLimits, model, route) ? new(LimitErrors.RouteNotAllowed("This key", model))
            : projects.Find(caller) is { } project && !IsAllowed(project.Limits, model, route)
                ? new(LimitErrors.RouteNotAllowed($"The project '{project.Name}'", model))
            : null
        );

    /// <summary>The refusal of a key whose project does not exist; null: it exists, or the key has none.</summary>
    public static ErrorResponse? CheckProject(Caller caller, ProjectTable projects) =>
        ProjectTable.GetName(caller) is { } name && projects.Find(caller) is null
            ? new(LimitErrors.UnknownProject(name))
            : null;

    /// <summary>Whether the caller may use only some routes.</summary>
    public static bool HasRoutes(Caller caller, ProjectTable projects) =>
        caller.Limits is KeyLimits { Routes: not null } || projects.Find(caller)?.Limits.Routes is not null;

    /// <summary>Whether limits allow a model, by the requested name or by the name of its route.</summary>
    private static bool IsAllowed(KeyLimits? limits, string model, string route) =>
        limits?.Routes is not { } patterns
        || patterns.Any(pattern => IsMatch(pattern, model) || IsMatch(pattern, route));

    private static bool IsMatch(string pattern, string name) =>
        FileSystemName.MatchesSimpleExpression(pattern, name, ignoreCase: false);
}
