using CogniForge.Serving.Rpc.Messages;
using Google.Protobuf;
using Grpc.Core;

namespace CogniForge.Serving.Rpc;

/// <summary>
/// Binds the methods as the generated code does, but reads messages in bounded memory and says what is malformed.
/// </summary>
internal static class InferenceServiceBinder
{
    /// <summary>Binds the methods of the service.</summary>
    public static void Bind(ServiceBinderBase binder, GRPCInferenceService.GRPCInferenceServiceBase? service) =>
        GRPCInferenceService.BindService(new BoundedBinder(binder), service);

    private sealed class BoundedBinder(ServiceBinderBase binder) : ServiceBinderBase
    {
        public override void AddMethod<TRequest, TResponse>(
            Method<TRequest, TResponse> method,
            UnaryServerMethod<TRequest, TResponse>? handler
        ) => binder.AddMethod(Bound(method), handler);

        public override void AddMethod<TRequest, TResponse>(
            Method<TRequest, TResponse> method,
            DuplexStreamingServerMethod<TRequest, TResponse>? handler
        ) => binder.AddMethod(Bound(method), handler);

        private static Method<TRequest, TResponse> Bound<TRequest, TResponse>(Method<TRequest, TResponse> method)
            where TRequest : class
            where TResponse : class
        {
            var parse = (Func<DeserializationContext, ModelInferRequest>)InferRequestParser.Parse;
            var read =
                parse as Func<DeserializationContext, TRequest> ?? method.RequestMarshaller.ContextualDeserializer;
            return new(
                method.Type,
                method.ServiceName,
                method.Name,
                new(method.RequestMarshaller.ContextualSerializer, context => Read(read, context)),
                method.ResponseMarshaller
            );
        }

        private static T Read<T>(Func<DeserializationContext, T> read, DeserializationContext context)
        {
            try
            {
                return read(context);
            }
            catch (InvalidProtocolBufferException e)
            {
                throw new RpcException(
                    new Status(StatusCode.InvalidArgument, $"The message is malformed: {e.Message}")
                );
            }
        }
    }
}
