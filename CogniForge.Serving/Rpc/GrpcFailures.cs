using CogniForge.ServiceDefaults.Errors;
using CogniForge.ServiceDefaults.Postgres;
using CogniForge.Serving.Inference;
using CogniForge.Serving.Runners;
using Grpc.Core;

namespace CogniForge.Serving.Rpc;

/// <summary>Describes exceptions as gRPC statuses, as the REST API does as HTTP statuses.</summary>
internal static partial class GrpcFailures
{
    /// <summary>The metadata of an overload: gRPC's clients wait as long before they retry (proposal A6).</summary>
    public const string Pushback = "grpc-retry-pushback-ms";

    private const string RetryAfterMilliseconds = "1000";

    /// <summary>Creates the status of a request whose message is beyond the memory of its key.</summary>
    public static RpcException CreateRefusal() => Describe(InferenceMemory.CreateRefusal());

    /// <summary>Describes an exception, and logs one that is a fault of the service.</summary>
    public static RpcException Describe(Exception exception, ServerCallContext context, ILogger logger)
    {
        switch (exception)
        {
            case RpcException e:
                return e;
            case InferenceFailedException e:
                return new(new Status(GrpcStatus.From(e.Status), e.Message));
            case BadHttpRequestException e:
                return new(new Status(GrpcStatus.From(e.StatusCode), e.Message));
            case InvalidDataException e: // the message is no frame of gRPC
                return new(new Status(StatusCode.InvalidArgument, e.Message));
            case OverloadedException e:
                return Describe(e);
            case OperationCanceledException when context.CancellationToken.IsCancellationRequested:
                return new(new Status(StatusCode.Cancelled, "The call was cancelled."));
            case var e when TransientFaults.IsOutage(e):
                return new(
                    new Status(
                        StatusCode.Unavailable,
                        "A database, Redis or RabbitMQ is unavailable; try again shortly."
                    )
                );
            default:
                Log.Failed(logger, context.Method, exception);
                return new(new Status(StatusCode.Internal, "The service failed; its log contains the error."));
        }
    }

    private static RpcException Describe(OverloadedException overload) =>
        new(
            new Status(GrpcStatus.From(overload.Status), overload.Message),
            new Metadata { { Pushback, RetryAfterMilliseconds } }
        );

    private static partial class Log
    {
        [LoggerMessage(EventIds.GrpcCallFailed, LogLevel.Error, "{Method} failed")]
        public static partial void Failed(ILogger logger, string method, Exception exception);
    }
}
