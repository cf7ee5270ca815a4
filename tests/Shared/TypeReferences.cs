using System.Buffers.Binary;
using System.Reflection;
using System.Reflection.Emit;

namespace CogniForge.Tests;

/// <summary>Finds all types that a compiled type uses, including those in the bodies of its methods.</summary>
public static class TypeReferences
{
    private const BindingFlags Declared =
        BindingFlags.Public
        | BindingFlags.NonPublic
        | BindingFlags.Instance
        | BindingFlags.Static
        | BindingFlags.DeclaredOnly;

    private static readonly Dictionary<short, OpCode> _opCodes = typeof(OpCodes)
        .GetFields()
        .Select(f => (OpCode)f.GetValue(null)!)
        .ToDictionary(o => o.Value);

    public static IReadOnlySet<Type> Find(Type type) =>
        FromDeclaration(type).OfType<Type>().SelectMany(Parts).ToHashSet();

    private static IEnumerable<Type?> FromDeclaration(Type type) =>
        [
            type.BaseType,
            .. type.GetInterfaces(),
            .. Constraints(type.GetGenericArguments()),
            .. Attributes(type),
            .. type.GetFields(Declared).SelectMany(f => Attributes(f).Append(f.FieldType)),
            .. type.GetProperties(Declared).SelectMany(Attributes),
            .. type.GetMethods(Declared).SelectMany(m => FromMethod(m).Append(m.ReturnType)),
            .. type.GetConstructors(Declared).SelectMany(FromMethod),
        ];

    private static IEnumerable<Type?> FromMethod(MethodBase method) =>
        [
            .. method.GetParameters().SelectMany(p => Attributes(p).Append(p.ParameterType)),
            .. method.IsGenericMethod ? Constraints(method.GetGenericArguments()) : [],
            .. Attributes(method),
            .. method.GetMethodBody() is { } body ? FromBody(method, body) : [],
        ];

    private static IEnumerable<Type?> FromBody(MethodBase method, MethodBody body)
    {
        foreach (var local in body.LocalVariables)
        {
            yield return local.LocalType;
        }

        foreach (
            var handler in body.ExceptionHandlingClauses.Where(h => h.Flags == ExceptionHandlingClauseOptions.Clause)
        )
        {
            yield return handler.CatchType;
        }

        var typeArguments = method.DeclaringType!.GetGenericArguments();
        var methodArguments = method.IsGenericMethod ? method.GetGenericArguments() : [];
        foreach (var token in Tokens(body.GetILAsByteArray()!))
        {
            foreach (var used in FromMember(method.Module.ResolveMember(token, typeArguments, methodArguments)!))
            {
                yield return used;
            }
        }
    }

    private static IEnumerable<Type?> FromMember(MemberInfo member) =>
        member switch
        {
            Type type => [type],
            FieldInfo field => [field.DeclaringType, field.FieldType],
            MethodInfo method =>
            [
                method.DeclaringType,
                method.ReturnType,
                .. method.GetParameters().Select(p => p.ParameterType),
                .. method.GetGenericArguments(),
            ],
            ConstructorInfo constructor =>
            [
                constructor.DeclaringType,
                .. constructor.GetParameters().Select(p => p.ParameterType),
            ],
            _ => throw new NotSupportedException($"{member}"),
        };

    /// <summary>
    /// The metadata tokens in IL: an opcode of one or two bytes, then its operand (ECMA-335, III.1.2).
    /// </summary>
    private static IEnumerable<int> Tokens(byte[] il)
    {
        for (var at = 0; at < il.Length;)
        {
            var opCode = _opCodes[il[at] == 0xFE ? BinaryPrimitives.ReadInt16BigEndian(il.AsSpan(at)) : il[at]];
            at += opCode.Size;
            if (
                opCode.OperandType
                is OperandType.InlineField
                    or OperandType.InlineMethod
                    or OperandType.InlineTok
                    or OperandType.InlineType
            )
            {
                yield return BitConverter.ToInt32(il, at);
            }

            at += opCode.OperandType switch
            {
                OperandType.InlineNone => 0,
                OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar => 1,
                OperandType.InlineVar => 2,
                OperandType.InlineI8 or OperandType.InlineR => 8,
                OperandType.InlineSwitch => 4 + (4 * BitConverter.ToInt32(il, at)),
                _ => 4,
            };
        }
    }

    private static IEnumerable<Type?> Attributes(MemberInfo member) =>
        member.GetCustomAttributesData().Select(a => a.AttributeType);

    private static IEnumerable<Type?> Attributes(ParameterInfo parameter) =>
        parameter.GetCustomAttributesData().Select(a => a.AttributeType);

    private static IEnumerable<Type?> Constraints(IEnumerable<Type> arguments) =>
        arguments.Where(a => a.IsGenericParameter).SelectMany(a => a.GetGenericParameterConstraints());

    /// <summary>The element type of an array; the definition and the arguments of a generic type.</summary>
    private static IEnumerable<Type> Parts(Type type) =>
        type.HasElementType ? Parts(type.GetElementType()!)
        : type.IsGenericParameter ? []
        : type.IsGenericType && !type.IsGenericTypeDefinition
            ? [type.GetGenericTypeDefinition(), .. type.GetGenericArguments().SelectMany(Parts)]
        : [type];
}
