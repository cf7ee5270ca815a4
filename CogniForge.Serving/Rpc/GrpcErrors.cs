using CogniForge.ServiceDefaults.Errors;
using CogniForge.ServiceDefaults.Postgres;
using CogniForge.Serving.Runners;
using Grpc.Core;
using Grpc.Core.Interceptors;

namespace CogniForge.Serving.Rpc;

/// <summary>Turns exceptions of calls into gRPC statuses, as the REST API does into HTTP statuses.</summary>
internal sealed partial class GrpcErrors(ILogger<GrpcErrors> logger) : Interceptor
{
    // gRPC's clients wait as long before they retry (proposal A6).
    private const string Pushback = "grpc-retry-pushback-ms";
    private const string RetryAfterMilliseconds = "1000";

    public override async Task<TResponse> UnaryServerHandler<TRequest, TResponse>(
        TRequest request,
        ServerCallContext context,
        UnaryServerMethod<TRequest, TResponse> continuation
    )
    {
        try
        {
            return await continuation(request, context);
        }
        catch (InferenceFailedException e)
        {
            throw new RpcException(new Status(GrpcStatus.From(e.Status), e.Message));
        }
        catch (BadHttpRequestException e)
        {
            throw new RpcException(new Status(GrpcStatus.From(e.StatusCode), e.Message));
        }
        catch (OverloadedException e)
        {
            throw new RpcException(
                new Status(StatusCode.Unavailable, e.Message),
                new Metadata { { Pushback, RetryAfterMilliseconds } }
            );
        }
        catch (Exception e) when (TransientFaults.IsOutage(e))
        {
            throw new RpcException(
                new Status(StatusCode.Unavailable, "A database, Redis or RabbitMQ is unavailable; try again shortly.")
            );
        }
        catch (OperationCanceledException) when (context.CancellationToken.IsCancellationRequested)
        {
            throw new RpcException(new Status(StatusCode.Cancelled, "The call was cancelled."));
        }
        catch (Exception e) when (e is not RpcException)
        {
            Log.Failed(logger, context.Method, e);
            throw new RpcException(new Status(StatusCode.Internal, "The service failed; its log contains the error."));
        }
    }

    private static partial class Log
    {
        [LoggerMessage(EventIds.GrpcCallFailed, LogLevel.Error, "{Method} failed")]
        public static partial void Failed(ILogger logger, string method, Exception exception);
    }
}
