using System.Reflection;

namespace CogniForge.Tests;

/// <summary>
/// Which feature folders of a service may use which. Read from the compiled types (see <see cref="TypeReferences"/>), so that a
/// name in passing counts as much as a field. Only constants escape: the compiler copies their values.
/// </summary>
public static class FolderRules
{
    private static readonly string _dotnet = Path.GetDirectoryName(typeof(object).Assembly.Location)!;

    /// <summary>The table has one row per folder and names exactly the other folders that it uses.</summary>
    /// <param name="service">The service's assembly.</param>
    /// <param name="allowed">Folder to the folders that it may use, separated by spaces. The root may use all.</param>
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

    /// <summary>These folders use the service's own types and .NET itself: no ASP.NET, no store, no log.</summary>
    public static void AssertPure(Assembly service, params string[] folders)
    {
        foreach (var folder in folders)
        {
            Expect.None(
                $"{folder} may use .NET alone",
                Broken(service, folder, t => t.Assembly == service || IsDotNet(t))
            );
        }
    }

    /// <summary>What the types of a folder use without being allowed to.</summary>
    public static IReadOnlyList<string> Broken(Assembly assembly, string folder, Func<Type, bool> isAllowed)
    {
        var ns = $"{assembly.GetName().Name}.{folder}";
        var types = assembly.GetTypes().Where(t => IsIn(t, ns)).ToList();
        Assert.True(
            types.Count > 0,
            $"{assembly.GetName().Name} has no {folder}: the rule would hold whatever happens."
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

    /// <summary>Of the base framework, not ASP.NET's or a package's.</summary>
    public static bool IsDotNet(Type type) => Path.GetDirectoryName(type.Assembly.Location) == _dotnet;

    /// <summary>The top folder that a type of the service lies in; null: in its root, or in another assembly.</summary>
    private static string? GetFolder(Type type, Assembly service)
    {
        var root = service.GetName().Name + ".";
        return type.Assembly == service && type.Namespace?.StartsWith(root, StringComparison.Ordinal) == true
            ? type.Namespace[root.Length..].Split('.')[0]
            : null;
    }

    // Anonymous types, the types of collection expressions and the like lie outside all namespaces; generated regular expressions have one of their own.
    private static bool IsMadeByCompiler(Type type, Assembly assembly) =>
        type.Assembly == assembly
        && (
            (type.FullName?.Contains('<', StringComparison.Ordinal) == true && type.Namespace is null)
            || type.Namespace == "System.Text.RegularExpressions.Generated"
        );
}
