using System.Reflection;

namespace CogniForge.Tests;

/// <summary>
/// Checks which feature folders of a service use which, by the references of compiled types (<see
/// cref="TypeReferences"/>). Constants escape, because the compiler copies their values.
/// </summary>
public static class FolderRules
{
    private static readonly string _dotnet = Path.GetDirectoryName(typeof(object).Assembly.Location)!;

    /// <summary>Asserts that the table has one row per folder and lists exactly the folders that it uses.</summary>
    /// <param name="service">The service's assembly.</param>
    /// <param name="allowed">
    /// From a folder to the folders that it uses, separated by spaces. The root may use all.
    /// </param>
    public static void AssertDependencies(Assembly service, IReadOnlyDictionary<string, string> allowed)
    {
        var used = service
            .GetTypes()
            .Where(t => GetFolder(t, service) is not null)
            .GroupBy(t => GetFolder(t, service)!)
            .ToDictionary(
                g => g.Key,
                g =>
                    g.SelectMany(TypeReferences.Find)
                        .Select(t => GetFolder(t, service))
                        .OfType<string>()
                        .Where(f => f != g.Key)
                        .ToHashSet()
            );

        Expect.None("Folders without a row in the table", used.Keys.Except(allowed.Keys));
        Expect.None("Rows without a folder", allowed.Keys.Except(used.Keys));
        foreach (var (folder, row) in allowed)
        {
            var others = row.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            Expect.None(
                $"{folder} may not use",
                Broken(service, folder, t => GetFolder(t, service) is not { } f || f == folder || others.Contains(f))
            );
            Expect.None($"{folder} does not use, though the table allows it", others.Except(used[folder]));
        }
    }

    /// <summary>Asserts that folders use only types of the service and of .NET: no ASP.NET, no store, no log.</summary>
    public static void AssertPure(Assembly service, params string[] folders)
    {
        foreach (var folder in folders)
        {
            Expect.None(
                $"{folder} may use only .NET",
                Broken(service, folder, t => t.Assembly == service || IsDotNet(t))
            );
        }
    }

    /// <summary>Finds forbidden references of the types in a folder.</summary>
    public static IReadOnlyList<string> Broken(Assembly assembly, string folder, Func<Type, bool> isAllowed)
    {
        var ns = $"{assembly.GetName().Name}.{folder}";
        var types = assembly.GetTypes().Where(t => IsIn(t, ns)).ToList();
        Assert.True(
            types.Count > 0,
            $"{assembly.GetName().Name} has no folder {folder}, so the rule would always hold."
        );
        return
        [
            .. from type in types
            from used in TypeReferences.Find(type)
            where !isAllowed(used) && !IsMadeByCompiler(used, assembly)
            select $"{type} uses {used}",
        ];
    }

    public static bool IsIn(Type type, string ns) =>
        type.Namespace == ns || type.Namespace?.StartsWith(ns + ".", StringComparison.Ordinal) == true;

    /// <summary>Whether a type belongs to .NET itself, not to ASP.NET or a package.</summary>
    public static bool IsDotNet(Type type) => Path.GetDirectoryName(type.Assembly.Location) == _dotnet;

    /// <summary>The top folder of a type; null: it is in the root or in another assembly.</summary>
    private static string? GetFolder(Type type, Assembly service)
    {
        var root = service.GetName().Name + ".";
        return type.Assembly == service && type.Namespace?.StartsWith(root, StringComparison.Ordinal) == true
            ? type.Namespace[root.Length..].Split('.')[0]
            : null;
    }

    // Anonymous types and collection expressions have no namespace; generated regular expressions have their own.
    private static bool IsMadeByCompiler(Type type, Assembly assembly) =>
        type.Assembly == assembly
        && (
            (type.FullName?.Contains('<', StringComparison.Ordinal) == true && type.Namespace is null)
            || type.Namespace == "System.Text.RegularExpressions.Generated"
        );
}
