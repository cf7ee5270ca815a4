using System.Reflection;
using Aspire.Hosting;

namespace CogniForge.Tests.Hosting;

/// <summary>Keeps servers out of <c>./cogniforge test --fast</c>, which skips the category Servers.</summary>
public sealed class ServerCategoryTests
{
    private const BindingFlags Any =
        BindingFlags.Instance | BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic;

    private static readonly Type[] _types = typeof(ServerCategoryTests).Assembly.GetTypes();

    // NoServers marks a class that composes or publishes an application without starting it.
    private static readonly string[] _categories = ["Servers", "NoServers"];

    [Fact]
    public void TestClasses_HoldingAnApplication_NameTheirCategory()
    {
        var missing = _types
            .Where(t => t.GetMethods().Any(m => m.IsDefined(typeof(FactAttribute))))
            .Where(t => !HasCategory(t) && Bodies(t).Any(b => HoldsApplication(b, [])))
            .Select(t => $"{t} needs [Trait(\"Category\", \"Servers\")], or \"NoServers\"")
            .ToList();
        Assert.True(missing.Count == 0, string.Join('\n', missing));
    }

    private static bool HasCategory(Type? type) =>
        type is not null
        && (
            HasCategory(type.BaseType)
            || type.CustomAttributes.Any(a =>
                a.AttributeType == typeof(TraitAttribute)
                && a.ConstructorArguments is [{ Value: "Category" }, { Value: string name }]
                && _categories.Contains(name)
            )
        );

    private static bool HoldsApplication(Type type, HashSet<Type> seen) =>
        type == typeof(DistributedApplication) || (seen.Add(type) && Parts(type).Any(t => HoldsApplication(t, seen)));

    // The locals of async methods are fields of nested types.
    private static Type[] Bodies(Type type) => [type, .. type.GetNestedTypes(Any)];

    // A class does not inherit the traits of its collection's definition.
    private static Type[] Parts(Type type) =>
        type.Assembly == typeof(ServerCategoryTests).Assembly ? OwnParts(type) : type.GetGenericArguments();

    private static Type[] OwnParts(Type type) =>
        [
            .. type.BaseType is { } parent ? [parent] : Type.EmptyTypes,
            .. type.GetInterfaces(),
            .. type.GetFields(Any).Select(f => f.FieldType),
            .. type.GetConstructors(Any).SelectMany(c => c.GetParameters()).Select(p => p.ParameterType),
            .. GetName<CollectionAttribute>(type) is { } name
                ? _types.Where(t => GetName<CollectionDefinitionAttribute>(t) == name)
                : Type.EmptyTypes,
        ];

    private static string? GetName<T>(Type type)
        where T : Attribute =>
        type.CustomAttributes.FirstOrDefault(a => a.AttributeType == typeof(T))?.ConstructorArguments[0].Value
        as string;
}
