using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace StandIns.Tests.Surface;

/// <summary>
/// Prints what an assembly offers, in the form of the files in RealApi: a line per type with its bases and constraints, below it, indented, one per member.
/// Names of namespace System stand alone; nullability of references is not shown.
/// </summary>
public static class PublicSurface
{
    private const BindingFlags Declared = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    public static IEnumerable<string> Of(Assembly assembly) => assembly.GetExportedTypes().OrderBy(t => t.FullName).SelectMany(Of);

    public static IEnumerable<string> Of(Type type)
    {
        yield return Head(type);
        foreach (var member in type.IsEnum ? Values(type) : type.IsSubclassOf(typeof(Delegate)) ? Call(type) : Members(type))
            yield return "  " + member;
    }

    private static string Head(Type type)
    {
        var kind = type switch
        {
            { IsInterface: true } => "interface",
            { IsEnum: true } => "enum",
            { IsValueType: true } => "struct",
            _ when type.IsSubclassOf(typeof(Delegate)) => "delegate",
            { IsAbstract: true, IsSealed: true } => "static class",
            { IsAbstract: true } => "abstract class",
            { IsSealed: true } => "sealed class",
            _ => "class",
        };
        List<string> bases = [];
        if (type.BaseType is { } b && b != typeof(object) && b != typeof(ValueType) && b != typeof(MulticastDelegate))
            bases.Add(Name(b));
        bases.AddRange(type.GetInterfaces().Where(i => i.IsVisible).Select(Name).Order(StringComparer.Ordinal));
        var list = type.IsEnum || bases.Count == 0 ? "" : " : " + string.Join(", ", bases);
        return $"{kind} {Name(type)}{list}{(type.IsGenericTypeDefinition ? Constraints(type.GetGenericArguments()) : "")}{Marks(type)}";
    }

    private static IEnumerable<string> Values(Type type) =>
        [string.Join(", ", Enum.GetNames(type).Select(n => $"{n}={Convert.ToInt64(Enum.Parse(type, n))}"))];

    private static IEnumerable<string> Call(Type type)
    {
        var invoke = type.GetMethod("Invoke")!;
        return [$"{Name(invoke.ReturnType)} ({Parameters(invoke)})"];
    }

    private static IEnumerable<string> Members(Type type)
    {
        foreach (var c in type.GetConstructors(Declared).Where(IsOffered))
            yield return $"{Access(c)}ctor({Parameters(c)}){Marks(c)}";
        foreach (var f in type.GetFields(Declared).Where(f => f.IsPublic || f.IsFamily))
            yield return $"{(f.IsLiteral ? "const " : f.IsStatic ? "static " : "")}{(f.IsInitOnly ? "readonly " : "")}{Name(f.FieldType)} {f.Name}{(f.IsLiteral ? "=" + Literal(f.GetRawConstantValue()) : "")}{Marks(f)}";
        foreach (var p in type.GetProperties(Declared).Where(p => IsOffered(p.GetMethod) || IsOffered(p.SetMethod)))
            yield return Property(p);
        foreach (var e in type.GetEvents(Declared).Where(e => IsOffered(e.AddMethod)))
            yield return $"event {Name(e.EventHandlerType!)} {e.Name}";
        foreach (var m in type.GetMethods(Declared).Where(m => IsOffered(m) && !m.IsSpecialName))
        {
            var modifier = m.IsStatic ? "static " : m.IsAbstract ? "abstract " : m.IsVirtual && !m.IsFinal ? "virtual " : "";
            var generic = m.IsGenericMethodDefinition ? m.GetGenericArguments() : [];
            var list = generic.Length == 0 ? "" : $"<{string.Join(",", generic.Select(g => g.Name))}>";
            yield return $"{Access(m)}{modifier}{Name(m.ReturnType)} {m.Name}{list}({Parameters(m)}){Constraints(generic)}{Marks(m)}";
        }
    }

    private static string Property(PropertyInfo property)
    {
        var any = property.GetMethod ?? property.SetMethod!;
        var init = property.SetMethod?.ReturnParameter.GetRequiredCustomModifiers().Contains(typeof(IsExternalInit)) == true;
        var index = property.GetIndexParameters() is { Length: > 0 } i ? $"[{string.Join(", ", i.Select(p => Parameter(p, false)))}]" : "";
        var accessors = (IsOffered(property.GetMethod) ? "get;" : "") + (IsOffered(property.SetMethod) ? init ? "init;" : "set;" : "");
        var required = property.IsDefined(typeof(RequiredMemberAttribute)) ? "required " : "";
        return $"{Access(any)}{(any.IsStatic ? "static " : "")}{required}{Name(property.PropertyType)} {property.Name}{index} {{{accessors}}}{Marks(property)}";
    }

    private static bool IsOffered(MethodBase? method) => method is not null && (method.IsPublic || method.IsFamily || method.IsFamilyOrAssembly);

    private static string Access(MethodBase method) => method.IsPublic ? "" : "protected ";

    private static string Parameters(MethodBase method)
    {
        var extends = method.IsDefined(typeof(ExtensionAttribute));
        return string.Join(", ", method.GetParameters().Select((p, i) => Parameter(p, extends && i == 0)));
    }

    private static string Parameter(ParameterInfo parameter, bool isThis)
    {
        var kind = parameter.IsDefined(typeof(ParamArrayAttribute)) ? "params "
            : parameter.IsOut ? "out "
            : !parameter.ParameterType.IsByRef ? ""
            : parameter.IsIn ? "in " : "ref ";
        return $"{(isThis ? "this " : "")}{kind}{Name(parameter.ParameterType).TrimEnd('&')} {parameter.Name}{(parameter.HasDefaultValue ? "=" + Literal(parameter.DefaultValue) : "")}";
    }

    private static string Literal(object? value) => value switch
    {
        null => "null",
        string text => $"\"{text}\"",
        bool truth => truth ? "true" : "false",
        _ => value.ToString()!,
    };

    private static string Marks(MemberInfo member)
    {
        var obsolete = member.IsDefined(typeof(ObsoleteAttribute), inherit: false) ? " [obsolete]" : "";
        return obsolete + (member.GetCustomAttribute<ExperimentalAttribute>(inherit: false) is { } e ? $" [experimental {e.DiagnosticId}]" : "");
    }

    private static string Constraints(Type[] parameters) => string.Concat(parameters.Select(p =>
    {
        List<string> all = [];
        if (p.GenericParameterAttributes.HasFlag(GenericParameterAttributes.ReferenceTypeConstraint))
            all.Add("class");
        var isStruct = p.GenericParameterAttributes.HasFlag(GenericParameterAttributes.NotNullableValueTypeConstraint);
        if (isStruct)
            all.Add("struct");
        all.AddRange(p.GetGenericParameterConstraints().Where(c => c != typeof(ValueType)).Select(Name));
        if (p.GenericParameterAttributes.HasFlag(GenericParameterAttributes.DefaultConstructorConstraint) && !isStruct)
            all.Add("new()");
        return all.Count == 0 ? "" : $" where {p.Name}:{string.Join(",", all)}";
    }));

    private static string Name(Type type)
    {
        if (type.IsByRef)
            return Name(type.GetElementType()!) + "&";
        if (type.IsArray)
            return Name(type.GetElementType()!) + "[]";
        if (type.IsGenericParameter)
            return type.Name;
        if (Nullable.GetUnderlyingType(type) is { } underlying)
            return Name(underlying) + "?";

        var scope = type.IsNested ? Name(type.DeclaringType!) + "." : type.Namespace is null or "System" ? "" : type.Namespace + ".";
        var arguments = type.GetGenericArguments().Skip(type.DeclaringType?.GetGenericArguments().Length ?? 0).ToList();
        var list = arguments.Count == 0 ? "" : $"<{string.Join(",", arguments.Select(a => (type.IsGenericTypeDefinition ? Variance(a) : "") + Name(a)))}>";
        return scope + type.Name.Split('`')[0] + list;
    }

    private static string Variance(Type parameter) => (parameter.GenericParameterAttributes & GenericParameterAttributes.VarianceMask) switch
    {
        GenericParameterAttributes.Covariant => "out ",
        GenericParameterAttributes.Contravariant => "in ",
        _ => "",
    };
}
