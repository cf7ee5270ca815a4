using System.Reflection;
using Aspire.Hosting;

namespace StandIns.Tests;

/// <summary>A test of what the stand-in of Aspire.Hosting does and the real package does not.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class StandInFactAttribute : FactAttribute
{
    public StandInFactAttribute(string reason) => Skip = StandInOnly.SkipReason(reason);
}

/// <inheritdoc cref="StandInFactAttribute"/>
[AttributeUsage(AttributeTargets.Method)]
public sealed class StandInTheoryAttribute : TheoryAttribute
{
    public StandInTheoryAttribute(string reason) => Skip = StandInOnly.SkipReason(reason);
}

internal static class StandInOnly
{
    /// <summary>Null where the test runs.</summary>
    public static string? SkipReason(string reason) =>
        !IsStandIn(typeof(DistributedApplication).Assembly) ? $"Only for the stand-in: {reason}"
        : !OperatingSystem.IsLinux() ? "It looks for processes in /proc."
        : null;

    public static bool IsStandIn(Assembly assembly) => assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Any(a => a.Key == "StandIn");
}
