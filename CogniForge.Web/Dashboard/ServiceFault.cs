using System.Net;
using Polly;
using Refit;

namespace CogniForge.Web.Dashboard;

/// <summary>Separates failures of a called service from our own.</summary>
internal static class ServiceFault
{
    /// <summary>Describes the service's failure; null if the exception does not come from a call.</summary>
    public static string? Describe(Exception exception, CancellationToken cancellationToken) =>
        exception switch
        {
            ApiException { StatusCode: >= HttpStatusCode.OK and < HttpStatusCode.Ambiguous } =>
                "The service's response cannot be read.",
            ApiException e => $"The service responded with {(int)e.StatusCode}.",
            ApiRequestException { InnerException: { } cause } => Describe(cause, cancellationToken),
            HttpRequestException or ExecutionRejectedException => "The service does not respond.",
            OperationCanceledException when !cancellationToken.IsCancellationRequested =>
                "The service does not respond.",
            _ => null,
        };
}
