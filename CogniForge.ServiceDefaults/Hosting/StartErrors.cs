using System.Net.Sockets;
using System.Reflection;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Options;

namespace CogniForge.ServiceDefaults.Hosting;

/// <summary>
/// Ends a start that the configuration or the machine prevents with its reason, without a stack trace.
/// </summary>
public static partial class StartErrors
{
    /// <summary>The category in which the host logs the exception of a failed start.</summary>
    internal const string HostCategory = "Microsoft.Extensions.Hosting.Internal.Host";

    private static readonly UnhandledExceptionEventHandler _handler = static (_, e) => End(e.ExceptionObject);

    /// <summary>Whether the process is starting, and ends with the reason if that fails.</summary>
    internal static bool AreReported { get; private set; }

    /// <summary>
    /// Writes such an error to the standard error and ends the process with exit code 1. Call it first: it also covers
    /// settings files that cannot be read.
    /// </summary>
    public static void WriteReasonOnly()
    {
        AreReported = true;
        AppDomain.CurrentDomain.UnhandledException += _handler;
    }

    /// <summary>Leaves later errors to the runtime.</summary>
    internal static void Stop()
    {
        AreReported = false;
        AppDomain.CurrentDomain.UnhandledException -= _handler;
    }

    /// <summary>The reason why the service does not start; null: a fault of the service itself.</summary>
    internal static string? Describe(Exception exception) =>
        exception switch
        {
            IStartError => exception.Message,
            OptionsValidationException invalid => string.Join(" ", invalid.Failures),
            AggregateException { InnerExceptions: var all } when all.All(e => Describe(e) is not null) => string.Join(
                " ",
                all.Select(Describe)
            ),
            InvalidDataException => $"{exception.Message} {exception.InnerException?.Message}".ReplaceLineEndings(" "),
            IOException or UnauthorizedAccessException or InvalidOperationException or SocketException =>
                DescribeUnreadable(exception.Message) ?? exception.Message.ReplaceLineEndings(" "),
            _ => null,
        };

    /// <summary>Names the setting of a library, e.g. Kestrel, that the configuration binder cannot convert.</summary>
    private static string? DescribeUnreadable(string message) =>
        UnreadableSetting().Match(message) is { Success: true } match
            ? $"{match.Groups["path"].Value} must be a valid {match.Groups["type"].Value}."
            : null;

    [GeneratedRegex(@"^Failed to convert configuration value.* at '(?<path>[^']+)' to type '([^']+\.)?(?<type>\w+)'")]
    private static partial Regex UnreadableSetting();

    private static void End(object error)
    {
        if (error is Exception exception && Describe(exception) is { } reason)
        {
            Console.Error.WriteLine($"{Assembly.GetEntryAssembly()?.GetName().Name} does not start: {reason}");
            Environment.Exit(1);
        }
    }
}
