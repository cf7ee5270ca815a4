using System.IO.Enumeration;
using CogniForge.Llm.Gateway;
using CogniForge.Llm.Limits.Projects;
using CogniForge.ServiceDefaults.ApiKeys;

namespace CogniForge.Llm.Limits;

/// <summary>The routes and models that a key may use, by its own limits and by those of its project.</summary>
internal static class RouteAccess
{
    /// <summary>The refusal of a model that the caller may not use; null: the caller may.</summary>
    public static ErrorResponse? Check(Caller caller, ProjectTable projects, string model, string route)
    {
        var project = projects.Find(caller);
        return project is null && ProjectTable.GetName(caller) is { } deleted
                ? new(LimitErrors.UnknownProject(deleted))
            : !IsAllowed(caller.Limits as KeyLimits, model, route) ? new(LimitErrors.RouteNotAllowed("This key", model))
            : !IsAllowed(project?.Limits, model, route)
                ? new(LimitErrors.RouteNotAllowed($"The project '{project!.Name}'", model))
            : null;
    }

    /// <summary>Whether limits allow a model, by the requested name or by the name of its route.</summary>
    private static bool IsAllowed(KeyLimits? limits, string model, string route) =>
        limits?.Routes is not { } patterns
        || patterns.Any(pattern => IsMatch(pattern, model) || IsMatch(pattern, route));

    private static bool IsMatch(string pattern, string name) =>
        FileSystemName.MatchesSimpleExpression(pattern, name, ignoreCase: false);
}
