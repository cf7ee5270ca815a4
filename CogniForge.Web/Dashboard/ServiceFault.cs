using System.Net;
using Polly;
using Refit;

namespace CogniForge.Web.Dashboard;

/// <summary>Tells a service's fault from ours.</summary>
internal static class ServiceFault
{
    /// <summary>What is wrong with the service; null when the exception is none of a call's.</summary>
    public static string? Describe(Exception exception, CancellationToken cancellationToken) =>
        exception switch
        {
            ApiException { StatusCode: >= HttpStatusCode.OK and < HttpStatusCode.Ambiguous } =>
                "The service's answer is not one that can be read.",
            ApiException e => $"The service answered {(int)e.StatusCode}.",
            ApiRequestException { InnerException: { } cause } => Describe(cause, cancellationToken),
            HttpRequestException or ExecutionRejectedException => "The service does not answer.",
            OperationCanceledException when !cancellationToken.IsCancellationRequested =>
                "The service does not answer.",
            _ => null,
        };
}
