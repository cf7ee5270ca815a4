#pragma warning disable MA0048 // Small samples for FolderRulesTests.
namespace CogniForge.Serving.Tests.Folders.Outer;

public class ForbiddenException : Exception, IForbidden
{
    public static int Number() => 1;
}

public interface IForbidden;

[AttributeUsage(AttributeTargets.All)]
public sealed class ForbiddenAttribute : Attribute;
