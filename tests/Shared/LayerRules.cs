using System.Reflection;

namespace CogniForge.Tests;

/// <summary>
/// Who may use whom inside a service: the Domain nothing but .NET itself and CogniForge.Statistics, the Application neither Infrastructure nor Api, the Infrastructure no Api.
/// Read from the compiled types (see <see cref="TypeReferences"/>), so a name in passing counts as much as a field. Only constants escape: the compiler copies their values.
/// </summary>
public static class LayerRules
{
    private static readonly string _dotnet = Path.GetDirectoryName(typeof(object).Assembly.Location)!;

    public static void AssertLayers(Assembly service)
    {
        var name = service.GetName().Name!;
        Expect.None("Domain may use .NET and CogniForge.Statistics alone",
            Broken(service, $"{name}.Domain", t => IsIn(t, $"{name}.Domain") || IsDotNet(t) || t.Assembly.GetName().Name == "CogniForge.Statistics"));
        Expect.None("Application may use neither Infrastructure nor Api",
            Broken(service, $"{name}.Application", t => !IsIn(t, $"{name}.Infrastructure") && !IsIn(t, $"{name}.Api")));
        Expect.None("Infrastructure may not use Api", Broken(service, $"{name}.Infrastructure", t => !IsIn(t, $"{name}.Api")));
    }

    /// <summary>What the types of a namespace use without being allowed to.</summary>
    public static IReadOnlyList<string> Broken(Assembly assembly, string layer, Func<Type, bool> isAllowed)
    {
        var types = assembly.GetTypes().Where(t => IsIn(t, layer)).ToList();
        Assert.True(types.Count > 0, $"{assembly.GetName().Name} has no {layer}: the rule would hold whatever happens.");
        return [.. from type in types from used in TypeReferences.Of(type) where !isAllowed(used) && !IsMadeByCompiler(used, assembly) select $"{type} uses {used}"];
    }

    public static bool IsIn(Type type, string layer) => type.Namespace == layer || type.Namespace?.StartsWith(layer + ".", StringComparison.Ordinal) == true;

    /// <summary>Of the base framework, not ASP.NET's or a package's.</summary>
    public static bool IsDotNet(Type type) => Path.GetDirectoryName(type.Assembly.Location) == _dotnet;

    // Anonymous types, the types of collection expressions and the like lie outside all namespaces; generated regular expressions have one of their own.
    private static bool IsMadeByCompiler(Type type, Assembly assembly) =>
        type.Assembly == assembly && ((type.FullName?.Contains('<', StringComparison.Ordinal) == true && type.Namespace is null) || type.Namespace == "System.Text.RegularExpressions.Generated");
}
