#pragma warning disable MA0048 // Small samples for FolderRulesTests.
using CogniForge.Serving.Tests.Folders.Outer;

namespace CogniForge.Serving.Tests.Folders.Sample;

// No test runs this code: each type names the forbidden one in its own way.
#pragma warning disable CS0169, CA1051, CA1823, CA1852

public class Clean
{
    public static string Text(int number) =>
        number > 1 ? string.Join(',', Enumerable.Range(0, number).Select(n => n * 1.5)) : typeof(Clean).Name;
}

public class Base : ForbiddenException;

public class Interface : IForbidden;

public class Field
{
    private readonly ForbiddenException? _field;
}

public class Parameter
{
    public static void Take(ref ForbiddenException[] parameter) => _ = parameter.Length;
}

public class Return
{
    public static ForbiddenException? Give() => null;
}

public class GenericArgument
{
    public List<Dictionary<string, ForbiddenException>>? Property { get; set; }
}

public class Constraint<T>
    where T : IForbidden;

[Forbidden]
public class Attributed;

public class Local
{
    public static bool Make(object o)
    {
        var local = o as ForbiddenException;
        return local?.Message == local?.Source;
    }
}

public class StaticCall
{
    public static int Call() => ForbiddenException.Number();
}

public class TypeOf
{
    public static string Name() => typeof(ForbiddenException).Name;
}

public class Cast
{
    public static bool Is(object o) => o is IForbidden;
}

public class Catch
{
    public static void Try(Action action)
    {
        try
        {
            action();
        }
        catch (ForbiddenException) { }
    }
}

public class GenericCall
{
    public static object Empty() => Array.Empty<ForbiddenException>();
}

public class BehindASwitch
{
    public static int Pick(int number) =>
        number switch
        {
            0 => 7,
            1 => 5,
            2 => 3,
            3 => 2,
            4 => ForbiddenException.Number(),
            5 => 11,
            _ => 13,
        };
}

public class Lambda
{
    public static IEnumerable<int> All(IEnumerable<int> numbers) =>
        numbers.Select(n => n + ForbiddenException.Number());
}

public class Async
{
    public static async Task<int> CallAsync()
    {
        await Task.Yield();
        return ForbiddenException.Number();
    }
}
