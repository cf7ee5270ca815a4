using CogniForge.ServiceDefaults.Audit;

namespace CogniForge.ServiceDefaults.Tests.Support;

/// <summary>Requests of an administrator.</summary>
internal static class Audited
{
    public static AuditedRequest Request { get; } = At(TestTime.Start);

    public static AuditedRequest At(DateTimeOffset time, string action = "ChangeKey") =>
        new(new("root", "root", "192.0.2.7"), action, time, "4bf92f3577b34da6a3ce929d0e0e4736");
}
