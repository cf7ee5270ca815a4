using System.Reflection;
using Microsoft.Extensions.Logging;

namespace CogniForge.Tests;

public static class LogEvents
{
    private const BindingFlags All =
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static | BindingFlags.Instance;

    /// <summary>
    /// Asserts that each log message of the assemblies has a unique event id, by which an alert can name it.
    /// </summary>
    public static void AssertUnique(params Assembly[] assemblies)
    {
        var messages = assemblies
            .SelectMany(a => a.GetTypes())
            .SelectMany(t => t.GetMethods(All | BindingFlags.DeclaredOnly))
            .Select(m => (Name: $"{m.DeclaringType}.{m.Name}", m.GetCustomAttribute<LoggerMessageAttribute>()?.EventId))
            .Where(m => m.EventId is not null)
            .ToList();
        Assert.NotEmpty(messages);
        Expect.None(
            "Event ids used twice",
            messages
                .GroupBy(m => m.EventId)
                .Where(g => g.Count() > 1)
                .Select(g => $"{g.Key}: {string.Join(", ", g.Select(m => m.Name))}")
        );
    }
}
