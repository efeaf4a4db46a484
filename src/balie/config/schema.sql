-- PostgreSQL 18
SET LOCAL check_function_bodies = false;
CREATE EXTENSION IF NOT EXISTS pg_trgm WITH SCHEMA public;
CREATE TYPE public.procrastinate_job_event_type AS ENUM (
    'deferred',
    'started',
    'deferred_for_retry',
    'failed',
    'succeeded',
    'cancelled',
    'abort_requested',
    'aborted',
    'scheduled',
    'retried'
);
CREATE TYPE public.procrastinate_job_status AS ENUM (
    'todo',
    'doing',
    'succeeded',
    'failed',
    'cancelled',
    'aborting',
    'aborted'
);
CREATE TYPE public.procrastinate_job_to_defer_v1 AS (
	queue_name character varying,
	task_name character varying,
	priority integer,
	lock text,
	queueing_lock text,
	args jsonb,
	scheduled_at timestamp with time zone
);
CREATE FUNCTION public.audit_entry_refuse() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
DECLARE purpose text := current_setting('balie.audit', true);
BEGIN
    IF TG_OP = 'DELETE' AND purpose = 'forget' THEN
        RETURN OLD;
    END IF;
    IF TG_OP = 'UPDATE' AND purpose = 'redact'
       AND to_jsonb(NEW) - 'who' - 'data' = to_jsonb(OLD) - 'who' - 'data' THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'the audit record is written once: % refused', TG_OP
        USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE FUNCTION public.credit_booking_refuse() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    RAISE EXCEPTION 'a credit booking is written once: % refused', TG_OP
        USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE FUNCTION public.desk_changed() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    UPDATE desk_desk SET revision = gen_random_uuid();
    RETURN NULL;
END $$;
CREATE FUNCTION public.desk_row_changed() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    IF to_jsonb(NEW) - 'demo_progress' IS DISTINCT FROM to_jsonb(OLD) - 'demo_progress' THEN
        NEW.revision := gen_random_uuid();
    END IF;
    RETURN NEW;
END $$;
CREATE FUNCTION public.knowledge_version_refuse() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    RAISE EXCEPTION 'a version is written once: % refused', TG_OP USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE FUNCTION public.mail_step_refuse() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    RAISE EXCEPTION 'the steps of a mail are written once: % refused', TG_OP
        USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE FUNCTION public.procrastinate_cancel_job_v1(job_id bigint, abort boolean, delete_job boolean) RETURNS bigint
    LANGUAGE plpgsql
    AS $$
DECLARE
    _job_id bigint;
BEGIN
    IF delete_job THEN
        DELETE FROM procrastinate_jobs
        WHERE id = job_id AND status = 'todo'
        RETURNING id INTO _job_id;
    END IF;
    IF _job_id IS NULL THEN
        IF abort THEN
            UPDATE procrastinate_jobs
            SET abort_requested = true,
                status = CASE status
                    WHEN 'todo' THEN 'cancelled'::procrastinate_job_status ELSE status
                END
            WHERE id = job_id AND status IN ('todo', 'doing')
            RETURNING id INTO _job_id;
        ELSE
            UPDATE procrastinate_jobs
            SET status = 'cancelled'::procrastinate_job_status
            WHERE id = job_id AND status = 'todo'
            RETURNING id INTO _job_id;
        END IF;
    END IF;
    RETURN _job_id;
END;
$$;
CREATE FUNCTION public.procrastinate_defer_jobs_v1(jobs public.procrastinate_job_to_defer_v1[]) RETURNS bigint[]
    LANGUAGE plpgsql
    AS $$
DECLARE
    job_ids bigint[];
BEGIN
    WITH inserted_jobs AS (
        INSERT INTO procrastinate_jobs (queue_name, task_name, priority, lock, queueing_lock, args, scheduled_at)
        SELECT (job).queue_name,
               (job).task_name,
               (job).priority,
               (job).lock,
               (job).queueing_lock,
               (job).args,
               (job).scheduled_at
        FROM unnest(jobs) AS job
        RETURNING id
    )
    SELECT array_agg(id) FROM inserted_jobs INTO job_ids;

    RETURN job_ids;
END;
$$;
CREATE FUNCTION public.procrastinate_defer_periodic_job_v2(_queue_name character varying, _lock character varying, _queueing_lock character varying, _task_name character varying, _priority integer, _periodic_id character varying, _defer_timestamp bigint, _args jsonb) RETURNS bigint
    LANGUAGE plpgsql
    AS $$
DECLARE
	_job_id bigint;
	_defer_id bigint;
BEGIN
    INSERT
        INTO procrastinate_periodic_defers (task_name, periodic_id, defer_timestamp)
        VALUES (_task_name, _periodic_id, _defer_timestamp)
        ON CONFLICT DO NOTHING
        RETURNING id into _defer_id;

    IF _defer_id IS NULL THEN
        RETURN NULL;
    END IF;

    UPDATE procrastinate_periodic_defers
        SET job_id = (
            SELECT COALESCE((
                SELECT unnest(procrastinate_defer_jobs_v1(
                    ARRAY[
                        ROW(
                            _queue_name,
                            _task_name,
                            _priority,
                            _lock,
                            _queueing_lock,
                            _args,
                            NULL::timestamptz
                        )
                    ]::procrastinate_job_to_defer_v1[]
                ))
            ), NULL)
        )
        WHERE id = _defer_id
        RETURNING job_id INTO _job_id;

    DELETE
        FROM procrastinate_periodic_defers
        USING (
            SELECT id
            FROM procrastinate_periodic_defers
            WHERE procrastinate_periodic_defers.task_name = _task_name
            AND procrastinate_periodic_defers.periodic_id = _periodic_id
            AND procrastinate_periodic_defers.defer_timestamp < _defer_timestamp
            ORDER BY id
            FOR UPDATE
        ) to_delete
        WHERE procrastinate_periodic_defers.id = to_delete.id;

    RETURN _job_id;
END;
$$;
CREATE TABLE public.procrastinate_jobs (
    id bigint NOT NULL,
    queue_name character varying(128) NOT NULL,
    task_name character varying(128) NOT NULL,
    lock text,
    args jsonb DEFAULT '{}'::jsonb NOT NULL,
    status public.procrastinate_job_status DEFAULT 'todo'::public.procrastinate_job_status NOT NULL,
    scheduled_at timestamp with time zone,
    attempts integer DEFAULT 0 NOT NULL,
    queueing_lock text,
    priority integer DEFAULT 0 NOT NULL,
    abort_requested boolean DEFAULT false NOT NULL,
    worker_id bigint,
    CONSTRAINT check_not_todo_abort_requested CHECK ((NOT ((status = 'todo'::public.procrastinate_job_status) AND (abort_requested = true))))
);
CREATE FUNCTION public.procrastinate_fetch_job_v2(target_queue_names character varying[], p_worker_id bigint) RETURNS public.procrastinate_jobs
    LANGUAGE plpgsql
    AS $$
DECLARE
	found_jobs procrastinate_jobs;
BEGIN
    WITH candidate AS (
        SELECT jobs.*
            FROM procrastinate_jobs AS jobs
            WHERE
                -- reject the job if its lock has earlier or higher priority jobs
                NOT EXISTS (
                    SELECT 1
                        FROM procrastinate_jobs AS other_jobs
                        WHERE
                            jobs.lock IS NOT NULL
                            AND other_jobs.lock = jobs.lock
                            AND (
                                -- job with same lock is already running
                                other_jobs.status = 'doing'
                                OR
                                -- job with same lock is waiting and has higher priority (or same priority but was queued first)
                                (
                                    other_jobs.status = 'todo'
                                    AND (
                                        other_jobs.priority > jobs.priority
                                        OR (
                                        other_jobs.priority = jobs.priority
                                        AND other_jobs.id < jobs.id
                                        )
                                    )
                                )
                            )
                )
                AND jobs.status = 'todo'
                AND (target_queue_names IS NULL OR jobs.queue_name = ANY( target_queue_names ))
                AND (jobs.scheduled_at IS NULL OR jobs.scheduled_at <= now())
            ORDER BY jobs.priority DESC, jobs.id ASC LIMIT 1
            FOR UPDATE OF jobs SKIP LOCKED
    )
    UPDATE procrastinate_jobs
        SET status = 'doing', worker_id = p_worker_id
        FROM candidate
        WHERE procrastinate_jobs.id = candidate.id
        RETURNING procrastinate_jobs.* INTO found_jobs;

 RETURN found_jobs;
END;
$$;
CREATE FUNCTION public.procrastinate_finish_job_v1(job_id bigint, end_status public.procrastinate_job_status, delete_job boolean) RETURNS void
    LANGUAGE plpgsql
    AS $$
DECLARE
    _job_id bigint;
BEGIN
    IF end_status NOT IN ('succeeded', 'failed', 'aborted') THEN
        RAISE 'End status should be either "succeeded", "failed" or "aborted" (job id: %)', job_id;
    END IF;
    IF delete_job THEN
        DELETE FROM procrastinate_jobs
        WHERE id = job_id AND status IN ('todo', 'doing')
        RETURNING id INTO _job_id;
    ELSE
        UPDATE procrastinate_jobs
        SET status = end_status,
            abort_requested = false,
            attempts = CASE status
                WHEN 'doing' THEN attempts + 1 ELSE attempts
            END
        WHERE id = job_id AND status IN ('todo', 'doing')
        RETURNING id INTO _job_id;
    END IF;
    IF _job_id IS NULL THEN
        RAISE 'Job was not found or not in "doing" or "todo" status (job id: %)', job_id;
    END IF;
END;
$$;
CREATE FUNCTION public.procrastinate_notify_queue_abort_job_v1() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
DECLARE
    payload TEXT;
BEGIN
    SELECT json_build_object('type', 'abort_job_requested', 'job_id', NEW.id)::text INTO payload;
	PERFORM pg_notify('procrastinate_queue_v1#' || NEW.queue_name, payload);
	PERFORM pg_notify('procrastinate_any_queue_v1', payload);
	RETURN NEW;
END;
$$;
CREATE FUNCTION public.procrastinate_notify_queue_job_inserted_v1() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
DECLARE
    payload TEXT;
BEGIN
    SELECT json_build_object('type', 'job_inserted', 'job_id', NEW.id)::text INTO payload;
	PERFORM pg_notify('procrastinate_queue_v1#' || NEW.queue_name, payload);
	PERFORM pg_notify('procrastinate_any_queue_v1', payload);
	RETURN NEW;
END;
$$;
CREATE FUNCTION public.procrastinate_prune_stalled_workers_v1(seconds_since_heartbeat double precision) RETURNS TABLE(worker_id bigint)
    LANGUAGE plpgsql
    AS $$
BEGIN
    RETURN QUERY
    DELETE FROM procrastinate_workers
    WHERE last_heartbeat < NOW() - (seconds_since_heartbeat || 'SECOND')::INTERVAL
    RETURNING procrastinate_workers.id;
END;
$$;
CREATE FUNCTION public.procrastinate_register_worker_v1() RETURNS TABLE(worker_id bigint)
    LANGUAGE plpgsql
    AS $$
BEGIN
    RETURN QUERY
    INSERT INTO procrastinate_workers DEFAULT VALUES
    RETURNING procrastinate_workers.id;
END;
$$;
CREATE FUNCTION public.procrastinate_retry_job_v1(job_id bigint, retry_at timestamp with time zone, new_priority integer, new_queue_name character varying, new_lock character varying) RETURNS void
    LANGUAGE plpgsql
    AS $$
DECLARE
    _job_id bigint;
    _abort_requested boolean;
BEGIN
    SELECT abort_requested FROM procrastinate_jobs
    WHERE id = job_id AND status = 'doing'
    FOR UPDATE
    INTO _abort_requested;
    IF _abort_requested THEN
        UPDATE procrastinate_jobs
        SET status = 'failed'::procrastinate_job_status
        WHERE id = job_id AND status = 'doing'
        RETURNING id INTO _job_id;
    ELSE
        UPDATE procrastinate_jobs
        SET status = 'todo'::procrastinate_job_status,
            attempts = attempts + 1,
            scheduled_at = retry_at,
            priority = COALESCE(new_priority, priority),
            queue_name = COALESCE(new_queue_name, queue_name),
            lock = COALESCE(new_lock, lock)
        WHERE id = job_id AND status = 'doing'
        RETURNING id INTO _job_id;
    END IF;

    IF _job_id IS NULL THEN
        RAISE 'Job was not found or not in "doing" status (job id: %)', job_id;
    END IF;
END;
$$;
CREATE FUNCTION public.procrastinate_retry_job_v2(job_id bigint, retry_at timestamp with time zone, new_priority integer, new_queue_name character varying, new_lock character varying) RETURNS void
    LANGUAGE plpgsql
    AS $$
DECLARE
    _job_id bigint;
    _abort_requested boolean;
    _current_status procrastinate_job_status;
BEGIN
    SELECT status, abort_requested FROM procrastinate_jobs
    WHERE id = job_id AND status IN ('doing', 'failed')
    FOR UPDATE
    INTO _current_status, _abort_requested;
    IF _current_status = 'doing' AND _abort_requested THEN
        UPDATE procrastinate_jobs
        SET status = 'failed'::procrastinate_job_status
        WHERE id = job_id AND status = 'doing'
        RETURNING id INTO _job_id;
    ELSE
        UPDATE procrastinate_jobs
        SET status = 'todo'::procrastinate_job_status,
            attempts = attempts + 1,
            scheduled_at = retry_at,
            priority = COALESCE(new_priority, priority),
            queue_name = COALESCE(new_queue_name, queue_name),
            lock = COALESCE(new_lock, lock)
        WHERE id = job_id AND status IN ('doing', 'failed')
        RETURNING id INTO _job_id;
    END IF;

    IF _job_id IS NULL THEN
        RAISE 'Job was not found or has an invalid status to retry (job id: %)', job_id;
    END IF;

END;
$$;
CREATE FUNCTION public.procrastinate_trigger_abort_requested_events_procedure_v1() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    INSERT INTO procrastinate_events(job_id, type)
        VALUES (NEW.id, 'abort_requested'::procrastinate_job_event_type);
    RETURN NEW;
END;
$$;
CREATE FUNCTION public.procrastinate_trigger_function_scheduled_events_v1() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    INSERT INTO procrastinate_events(job_id, type, at)
        VALUES (NEW.id, 'scheduled'::procrastinate_job_event_type, NEW.scheduled_at);

	RETURN NEW;
END;
$$;
CREATE FUNCTION public.procrastinate_trigger_function_status_events_insert_v1() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    INSERT INTO procrastinate_events(job_id, type)
        VALUES (NEW.id, 'deferred'::procrastinate_job_event_type);
	RETURN NEW;
END;
$$;
CREATE FUNCTION public.procrastinate_trigger_function_status_events_update_v1() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    WITH t AS (
        SELECT CASE
            WHEN OLD.status = 'todo'::procrastinate_job_status
                AND NEW.status = 'doing'::procrastinate_job_status
                THEN 'started'::procrastinate_job_event_type
            WHEN OLD.status = 'doing'::procrastinate_job_status
                AND NEW.status = 'todo'::procrastinate_job_status
                THEN 'deferred_for_retry'::procrastinate_job_event_type
            WHEN OLD.status = 'doing'::procrastinate_job_status
                AND NEW.status = 'failed'::procrastinate_job_status
                THEN 'failed'::procrastinate_job_event_type
            WHEN OLD.status = 'doing'::procrastinate_job_status
                AND NEW.status = 'succeeded'::procrastinate_job_status
                THEN 'succeeded'::procrastinate_job_event_type
            WHEN OLD.status = 'todo'::procrastinate_job_status
                AND (
                    NEW.status = 'cancelled'::procrastinate_job_status
                    OR NEW.status = 'failed'::procrastinate_job_status
                    OR NEW.status = 'succeeded'::procrastinate_job_status
                )
                THEN 'cancelled'::procrastinate_job_event_type
            WHEN OLD.status = 'doing'::procrastinate_job_status
                AND NEW.status = 'aborted'::procrastinate_job_status
                THEN 'aborted'::procrastinate_job_event_type
            WHEN OLD.status = 'failed'::procrastinate_job_status
                AND NEW.status = 'todo'::procrastinate_job_status
                THEN 'retried'::procrastinate_job_event_type
            ELSE NULL
        END as event_type
    )
    INSERT INTO procrastinate_events(job_id, type)
        SELECT NEW.id, t.event_type
        FROM t
        WHERE t.event_type IS NOT NULL;
	RETURN NEW;
END;
$$;
CREATE FUNCTION public.procrastinate_unlink_periodic_defers_v1() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    UPDATE procrastinate_periodic_defers
    SET job_id = NULL
    WHERE job_id = OLD.id;
    RETURN OLD;
END;
$$;
CREATE FUNCTION public.procrastinate_unregister_worker_v1(worker_id bigint) RETURNS void
    LANGUAGE plpgsql
    AS $$
BEGIN
    DELETE FROM procrastinate_workers
    WHERE id = worker_id;
END;
$$;
CREATE FUNCTION public.procrastinate_update_heartbeat_v1(worker_id bigint) RETURNS void
    LANGUAGE plpgsql
    AS $$
BEGIN
    UPDATE procrastinate_workers
    SET last_heartbeat = NOW()
    WHERE id = worker_id;
END;
$$;
CREATE TABLE public.account_emailaddress (
    id integer NOT NULL,
    email character varying(254) NOT NULL,
    verified boolean NOT NULL,
    "primary" boolean NOT NULL,
    user_id bigint NOT NULL
);
ALTER TABLE public.account_emailaddress ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.account_emailaddress_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.account_emailconfirmation (
    id integer NOT NULL,
    created timestamp with time zone NOT NULL,
    sent timestamp with time zone,
    key character varying(64) NOT NULL,
    email_address_id integer NOT NULL
);
ALTER TABLE public.account_emailconfirmation ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.account_emailconfirmation_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.accounts_agent (
    id bigint NOT NULL,
    role character varying(20) NOT NULL,
    is_active boolean NOT NULL,
    user_id bigint NOT NULL,
    team_id bigint,
    CONSTRAINT agent_role_known CHECK (((role)::text = ANY ((ARRAY['agent'::character varying, 'administrator'::character varying])::text[])))
);
ALTER TABLE public.accounts_agent ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.accounts_agent_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.accounts_team (
    id bigint NOT NULL,
    name character varying(80) NOT NULL
);
ALTER TABLE public.accounts_team ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.accounts_team_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.accounts_user (
    id bigint NOT NULL,
    password character varying(128) NOT NULL,
    last_login timestamp with time zone,
    email character varying(254) NOT NULL,
    name character varying(150) NOT NULL,
    language character varying(2) NOT NULL,
    is_active boolean NOT NULL,
    created_at timestamp with time zone NOT NULL,
    CONSTRAINT user_email_lower_case CHECK (((email)::text = lower((email)::text)))
);
ALTER TABLE public.accounts_user ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.accounts_user_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.administration_recount (
    id bigint NOT NULL,
    ordered_at timestamp with time zone NOT NULL,
    because character varying(200) NOT NULL,
    new_terms_of jsonb NOT NULL,
    total integer NOT NULL,
    done integer NOT NULL,
    moved integer NOT NULL,
    last bigint NOT NULL,
    finished_at timestamp with time zone,
    by_id bigint NOT NULL,
    CONSTRAINT administration_recount_done_check CHECK ((done >= 0)),
    CONSTRAINT administration_recount_moved_check CHECK ((moved >= 0)),
    CONSTRAINT administration_recount_total_check CHECK ((total >= 0)),
    CONSTRAINT recount_moved_are_done CHECK ((moved <= done))
);
ALTER TABLE public.administration_recount ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.administration_recount_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.audit_entry (
    id bigint NOT NULL,
    at timestamp with time zone NOT NULL,
    who character varying(200) NOT NULL,
    action character varying(60) NOT NULL,
    subject_type character varying(60) NOT NULL,
    subject_id character varying(60) NOT NULL,
    data jsonb NOT NULL,
    actor_id bigint
);
ALTER TABLE public.audit_entry ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.audit_entry_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.auth_group (
    id integer NOT NULL,
    name character varying(150) NOT NULL
);
ALTER TABLE public.auth_group ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.auth_group_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.auth_group_permissions (
    id bigint NOT NULL,
    group_id integer NOT NULL,
    permission_id integer NOT NULL
);
ALTER TABLE public.auth_group_permissions ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.auth_group_permissions_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.auth_permission (
    id integer NOT NULL,
    name character varying(255) NOT NULL,
    content_type_id integer NOT NULL,
    codename character varying(100) NOT NULL
);
ALTER TABLE public.auth_permission ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.auth_permission_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.backups_backupvideo (
    id bigint NOT NULL,
    link character varying(500) NOT NULL,
    name character varying(200) NOT NULL,
    content_type character varying(60) NOT NULL,
    file_id bigint,
    CONSTRAINT backup_video_link_or_file CHECK ((((file_id IS NULL) AND (NOT ((link)::text = ''::text))) OR ((file_id IS NOT NULL) AND ((link)::text = ''::text)))),
    CONSTRAINT backup_video_one_row CHECK ((id = 1))
);
ALTER TABLE public.backups_backupvideo ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.backups_backupvideo_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.backups_videorequest (
    id bigint NOT NULL,
    requested_at timestamp with time zone NOT NULL,
    contact_id bigint NOT NULL
);
ALTER TABLE public.backups_videorequest ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.backups_videorequest_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.cache (
    cache_key character varying(255) NOT NULL,
    value text NOT NULL,
    expires timestamp with time zone NOT NULL
);
CREATE TABLE public.contracts_contract (
    id bigint NOT NULL,
    valid_from date,
    valid_until date,
    customer_id bigint NOT NULL,
    type_id bigint NOT NULL,
    CONSTRAINT contract_ends_after_it_begins CHECK (((valid_from IS NULL) OR (valid_until IS NULL) OR (valid_from <= valid_until)))
);
ALTER TABLE public.contracts_contract ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.contracts_contract_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.contracts_contracttype (
    id bigint NOT NULL,
    name_nl character varying(120) NOT NULL,
    name_en character varying(120) NOT NULL,
    key character varying(40) NOT NULL,
    counts_zone_1 boolean NOT NULL,
    gives_phone_number boolean NOT NULL,
    requires_product_id bigint,
    gives_plan_id bigint
);
ALTER TABLE public.contracts_contracttype ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.contracts_contracttype_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.contracts_creditbooking (
    id bigint NOT NULL,
    minutes integer NOT NULL,
    balance integer NOT NULL,
    because character varying(200) NOT NULL,
    booked_at timestamp with time zone NOT NULL,
    submission uuid,
    by_id bigint,
    customer_id bigint NOT NULL,
    CONSTRAINT contracts_creditbooking_balance_check CHECK ((balance >= 0)),
    CONSTRAINT credit_booking_moves_something CHECK ((NOT (minutes = 0))),
    CONSTRAINT credit_booking_says_why CHECK ((NOT ((because)::text = ''::text)))
);
ALTER TABLE public.contracts_creditbooking ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.contracts_creditbooking_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.contracts_customerterms (
    id bigint NOT NULL,
    maintained_by character varying(12) NOT NULL,
    charity_until date,
    last_paid_support_on date,
    prepaid_minutes integer NOT NULL,
    customer_id bigint NOT NULL,
    charity_application character varying(8) NOT NULL,
    CONSTRAINT contracts_customerterms_prepaid_minutes_check CHECK ((prepaid_minutes >= 0)),
    CONSTRAINT terms_application_known CHECK (((charity_application)::text = ANY ((ARRAY['none'::character varying, 'applied'::character varying, 'checked'::character varying, 'declined'::character varying])::text[]))),
    CONSTRAINT terms_maintainer_known CHECK (((maintained_by)::text = ANY ((ARRAY['desk'::character varying, 'third_party'::character varying, 'nobody'::character varying])::text[])))
);
ALTER TABLE public.contracts_customerterms ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.contracts_customerterms_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.contracts_kindprice (
    id bigint NOT NULL,
    kind character varying(12) NOT NULL,
    price character varying(12) NOT NULL,
    CONSTRAINT kind_price_kind_known CHECK (((kind)::text = ANY ((ARRAY['incident'::character varying, 'question'::character varying, 'change'::character varying, 'research'::character varying, 'hardware'::character varying, 'third_party'::character varying, 'other'::character varying])::text[]))),
    CONSTRAINT kind_price_known CHECK (((price)::text = ANY ((ARRAY['actual_time'::character varying, 'quote'::character varying])::text[])))
);
ALTER TABLE public.contracts_kindprice ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.contracts_kindprice_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.contracts_licence (
    id bigint NOT NULL,
    valid_from date,
    valid_until date,
    customer_id bigint NOT NULL,
    product_id bigint NOT NULL,
    CONSTRAINT licence_ends_after_it_begins CHECK (((valid_from IS NULL) OR (valid_until IS NULL) OR (valid_from <= valid_until)))
);
ALTER TABLE public.contracts_licence ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.contracts_licence_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.contracts_pricebasis (
    id bigint NOT NULL,
    status character varying(14),
    site character varying(8) NOT NULL,
    callback character varying(8)[] NOT NULL,
    contract_type_id bigint,
    plan_id bigint,
    CONSTRAINT price_basis_is_for_one CHECK ((((contract_type_id IS NULL) AND (plan_id IS NOT NULL) AND (status IS NULL)) OR ((contract_type_id IS NOT NULL) AND (plan_id IS NULL) AND (status IS NULL)) OR ((contract_type_id IS NULL) AND (plan_id IS NULL) AND (status IS NOT NULL))))
);
ALTER TABLE public.contracts_pricebasis ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.contracts_pricebasis_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.contracts_product (
    id bigint NOT NULL,
    key character varying(40) NOT NULL,
    name character varying(80) NOT NULL,
    is_charity boolean NOT NULL,
    includes_plan_id bigint,
    offers_plan_id bigint
);
ALTER TABLE public.contracts_product ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.contracts_product_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.contracts_supportplan (
    id bigint NOT NULL,
    key character varying(40) NOT NULL,
    name character varying(60) NOT NULL,
    rank smallint NOT NULL,
    response_minutes integer,
    solution_minutes integer,
    monthly_price numeric(8,2) NOT NULL,
    is_free boolean NOT NULL,
    only_with_our_hardware boolean NOT NULL,
    rule character varying(10) NOT NULL,
    CONSTRAINT contracts_supportplan_rank_check CHECK ((rank >= 0)),
    CONSTRAINT contracts_supportplan_response_minutes_check CHECK ((response_minutes >= 0)),
    CONSTRAINT contracts_supportplan_solution_minutes_check CHECK ((solution_minutes >= 0)),
    CONSTRAINT plan_response_is_positive CHECK (((response_minutes IS NULL) OR (response_minutes > 0)))
);
ALTER TABLE public.contracts_supportplan ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.contracts_supportplan_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.customers_addressclaim (
    id bigint NOT NULL,
    state character varying(10) NOT NULL,
    name character varying(150) NOT NULL,
    company character varying(150) NOT NULL,
    new_email character varying(254) NOT NULL,
    old_email character varying(254) NOT NULL,
    phone character varying(40) NOT NULL,
    language character varying(2) NOT NULL,
    replaced_email character varying(254) NOT NULL,
    channel character varying(20) NOT NULL,
    called_number character varying(16) NOT NULL,
    note text NOT NULL,
    requested_at timestamp with time zone NOT NULL,
    verified_at timestamp with time zone,
    told_at timestamp with time zone,
    approved_at timestamp with time zone,
    takes_effect_at timestamp with time zone,
    ended_at timestamp with time zone,
    ended_by character varying(200) NOT NULL,
    approved_by_id bigint,
    contact_id bigint,
    CONSTRAINT address_claim_approved_and_waits CHECK (((NOT ((state)::text = ANY ((ARRAY['approved'::character varying, 'effective'::character varying])::text[]))) OR ((approved_at IS NOT NULL) AND (contact_id IS NOT NULL) AND (takes_effect_at > approved_at) AND (NOT ((channel)::text = ''::text))))),
    CONSTRAINT address_claim_state_known CHECK (((state)::text = ANY ((ARRAY['requested'::character varying, 'verified'::character varying, 'approved'::character varying, 'effective'::character varying, 'revoked'::character varying, 'refused'::character varying, 'expired'::character varying])::text[])))
);
ALTER TABLE public.customers_addressclaim ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.customers_addressclaim_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.customers_asset (
    id bigint NOT NULL,
    kind character varying(20) NOT NULL,
    name character varying(120) NOT NULL,
    serial character varying(60) NOT NULL,
    supplied_by_us boolean NOT NULL,
    supplied_on date,
    warranty_until date,
    customer_id bigint NOT NULL,
    site_id bigint,
    CONSTRAINT asset_kind_known CHECK (((kind)::text = ANY ((ARRAY['till'::character varying, 'receipt_printer'::character varying, 'label_printer'::character varying, 'scanner'::character varying, 'cash_drawer'::character varying, 'pin_terminal'::character varying, 'other'::character varying])::text[])))
);
ALTER TABLE public.customers_asset ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.customers_asset_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.customers_contact (
    id bigint NOT NULL,
    name character varying(150) NOT NULL,
    email character varying(254) NOT NULL,
    language character varying(2) NOT NULL,
    reach character varying(5) NOT NULL,
    may_see_money boolean NOT NULL,
    may_order boolean NOT NULL,
    is_active boolean NOT NULL,
    created_at timestamp with time zone NOT NULL,
    user_id bigint,
    customer_id bigint,
    site_id bigint,
    may_manage boolean NOT NULL,
    CONSTRAINT contact_of_a_site_has_one CHECK (((NOT ((reach)::text = 'site'::text)) OR (site_id IS NOT NULL) OR (customer_id IS NULL))),
    CONSTRAINT contact_reach_known CHECK (((reach)::text = ANY ((ARRAY['all'::character varying, 'site'::character varying, 'own'::character varying])::text[]))),
    CONSTRAINT contact_who_manages_reads_all CHECK (((NOT may_manage) OR ((customer_id IS NOT NULL) AND ((reach)::text = 'all'::text))))
);
ALTER TABLE public.customers_contact ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.customers_contact_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.customers_customer (
    id bigint NOT NULL,
    number character varying(20) NOT NULL,
    name character varying(150) NOT NULL,
    kvk character varying(8) NOT NULL,
    vat character varying(20) NOT NULL,
    existing_since date,
    notes text NOT NULL,
    is_active boolean NOT NULL,
    created_at timestamp with time zone NOT NULL,
    CONSTRAINT customer_kvk_shape CHECK ((((kvk)::text = ''::text) OR ((kvk)::text ~ '^[0-9]{8}$'::text)))
);
ALTER TABLE public.customers_customer ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.customers_customer_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.customers_customerdomain (
    id bigint NOT NULL,
    domain character varying(253) NOT NULL,
    customer_id bigint NOT NULL,
    CONSTRAINT customer_domain_shape CHECK (((domain)::text ~ '^[a-z0-9-]+(\.[a-z0-9-]+)+$'::text))
);
ALTER TABLE public.customers_customerdomain ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.customers_customerdomain_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.customers_invitation (
    id bigint NOT NULL,
    reach character varying(5) NOT NULL,
    may_see_money boolean NOT NULL,
    may_order boolean NOT NULL,
    may_manage boolean NOT NULL,
    name character varying(150) NOT NULL,
    email character varying(254) NOT NULL,
    language character varying(2) NOT NULL,
    invited_at timestamp with time zone NOT NULL,
    accepted_at timestamp with time zone,
    withdrawn_at timestamp with time zone,
    customer_id bigint NOT NULL,
    invited_by_id bigint NOT NULL,
    site_id bigint,
    CONSTRAINT invitation_ends_once CHECK (((accepted_at IS NULL) OR (withdrawn_at IS NULL)))
);
ALTER TABLE public.customers_invitation ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.customers_invitation_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.customers_phonenumber (
    id bigint NOT NULL,
    e164 character varying(16) NOT NULL,
    label character varying(60) NOT NULL,
    registered_on date,
    contact_id bigint,
    customer_id bigint NOT NULL,
    refused_because character varying(300) NOT NULL,
    requested_at timestamp with time zone,
    requested_by_id bigint,
    CONSTRAINT phone_number_e164 CHECK (((e164)::text ~ '^\+[1-9][0-9]{6,14}$'::text)),
    CONSTRAINT phone_number_refused_is_not_registered CHECK ((((refused_because)::text = ''::text) OR ((registered_on IS NULL) AND (requested_at IS NOT NULL))))
);
ALTER TABLE public.customers_phonenumber ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.customers_phonenumber_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.customers_registration (
    id bigint NOT NULL,
    company character varying(150) NOT NULL,
    customer_number character varying(20) NOT NULL,
    state character varying(10) NOT NULL,
    made_at timestamp with time zone NOT NULL,
    verified_at timestamp with time zone,
    decided_at timestamp with time zone,
    because jsonb NOT NULL,
    reason text NOT NULL,
    decided_by_id bigint,
    user_id bigint NOT NULL,
    CONSTRAINT registration_state_known CHECK (((state)::text = ANY ((ARRAY['unverified'::character varying, 'waiting'::character varying, 'placed'::character varying, 'refused'::character varying])::text[]))),
    CONSTRAINT registration_verified_first CHECK (((((state)::text = 'unverified'::text) AND (verified_at IS NULL)) OR ((NOT ((state)::text = 'unverified'::text)) AND (verified_at IS NOT NULL))))
);
ALTER TABLE public.customers_registration ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.customers_registration_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.customers_site (
    id bigint NOT NULL,
    name character varying(120) NOT NULL,
    street character varying(150) NOT NULL,
    postcode character varying(10) NOT NULL,
    city character varying(80) NOT NULL,
    tills smallint NOT NULL,
    customer_id bigint NOT NULL,
    CONSTRAINT customers_site_tills_check CHECK ((tills >= 0))
);
ALTER TABLE public.customers_site ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.customers_site_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.desk_datedhours (
    id bigint NOT NULL,
    hours character varying(200) NOT NULL,
    "on" date NOT NULL,
    because character varying(120) NOT NULL,
    line_id bigint NOT NULL
);
ALTER TABLE public.desk_datedhours ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.desk_datedhours_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.desk_desk (
    id bigint NOT NULL,
    key character varying(40) NOT NULL,
    name character varying(120) NOT NULL,
    zone character varying(60) NOT NULL,
    country character varying(2) NOT NULL,
    region character varying(3) NOT NULL,
    language character varying(2) NOT NULL,
    phone_number character varying(20) NOT NULL,
    mail_address character varying(254) NOT NULL,
    website character varying(200) NOT NULL,
    is_demo boolean NOT NULL,
    default_plan character varying(50) NOT NULL,
    counts_with_support_contract character varying(50) NOT NULL,
    counts_without_support_contract character varying(50) NOT NULL,
    free_plan_lapses_after_months smallint,
    tickets_per_month smallint,
    reactions_per_ticket smallint,
    warn_before_minutes smallint NOT NULL,
    closes_after_silent_days smallint NOT NULL,
    warns_before_closing_days smallint NOT NULL,
    reopens_within_days smallint NOT NULL,
    mail_in character varying(10) NOT NULL,
    notification character varying(10) NOT NULL,
    offers_other_urgent boolean NOT NULL,
    fair_use_months smallint NOT NULL,
    fair_use_percent smallint NOT NULL,
    example_keys jsonb NOT NULL,
    demo_logins jsonb NOT NULL,
    demo_progress jsonb NOT NULL,
    revision uuid NOT NULL,
    address_claim_waiting_hours smallint NOT NULL,
    agents_use_second_factor boolean NOT NULL,
    hourly_rate numeric(8,2),
    offers_chat boolean NOT NULL,
    urgent_surcharge numeric(8,2),
    urgent_surcharge_percent smallint,
    accepts_when_maintained_elsewhere boolean NOT NULL,
    how_to_pay_en text NOT NULL,
    how_to_pay_nl text NOT NULL,
    undo_seconds smallint NOT NULL,
    CONSTRAINT desk_desk_address_claim_waiting_hours_check CHECK ((address_claim_waiting_hours >= 0)),
    CONSTRAINT desk_desk_closes_after_silent_days_check CHECK ((closes_after_silent_days >= 0)),
    CONSTRAINT desk_desk_fair_use_months_check CHECK ((fair_use_months >= 0)),
    CONSTRAINT desk_desk_fair_use_percent_check CHECK ((fair_use_percent >= 0)),
    CONSTRAINT desk_desk_free_plan_lapses_after_months_check CHECK ((free_plan_lapses_after_months >= 0)),
    CONSTRAINT desk_desk_reactions_per_ticket_check CHECK ((reactions_per_ticket >= 0)),
    CONSTRAINT desk_desk_reopens_within_days_check CHECK ((reopens_within_days >= 0)),
    CONSTRAINT desk_desk_tickets_per_month_check CHECK ((tickets_per_month >= 0)),
    CONSTRAINT desk_desk_undo_seconds_check CHECK ((undo_seconds >= 0)),
    CONSTRAINT desk_desk_urgent_surcharge_percent_check CHECK ((urgent_surcharge_percent >= 0)),
    CONSTRAINT desk_desk_warn_before_minutes_check CHECK ((warn_before_minutes >= 0)),
    CONSTRAINT desk_desk_warns_before_closing_days_check CHECK ((warns_before_closing_days >= 0)),
    CONSTRAINT desk_one_row CHECK ((id = 1)),
    CONSTRAINT desk_warns_before_it_closes CHECK ((warns_before_closing_days < closes_after_silent_days))
);
ALTER TABLE public.desk_desk ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.desk_desk_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.desk_holidayhours (
    id bigint NOT NULL,
    hours character varying(200) NOT NULL,
    holiday character varying(40) NOT NULL,
    line_id bigint NOT NULL
);
ALTER TABLE public.desk_holidayhours ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.desk_holidayhours_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.desk_line (
    id bigint NOT NULL,
    name_nl character varying(120) NOT NULL,
    name_en character varying(120) NOT NULL,
    key character varying(40) NOT NULL,
    kind character varying(20) NOT NULL,
    phone_use character varying(20) NOT NULL,
    rate_nl character varying(60) NOT NULL,
    rate_en character varying(60) NOT NULL,
    rule character varying(10) NOT NULL,
    "position" smallint NOT NULL,
    hourly_rate numeric(8,2),
    CONSTRAINT desk_line_position_check CHECK (("position" >= 0))
);
ALTER TABLE public.desk_line ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.desk_line_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.desk_weekdayhours (
    id bigint NOT NULL,
    hours character varying(200) NOT NULL,
    weekday smallint NOT NULL,
    line_id bigint NOT NULL,
    CONSTRAINT desk_weekdayhours_weekday_check CHECK ((weekday >= 0)),
    CONSTRAINT weekday_known CHECK ((weekday <= 6))
);
ALTER TABLE public.desk_weekdayhours ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.desk_weekdayhours_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.django_admin_log (
    id integer NOT NULL,
    action_time timestamp with time zone NOT NULL,
    object_id text,
    object_repr character varying(200) NOT NULL,
    action_flag smallint NOT NULL,
    change_message text NOT NULL,
    content_type_id integer,
    user_id bigint NOT NULL,
    CONSTRAINT django_admin_log_action_flag_check CHECK ((action_flag >= 0))
);
ALTER TABLE public.django_admin_log ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.django_admin_log_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.django_content_type (
    id integer NOT NULL,
    app_label character varying(100) NOT NULL,
    model character varying(100) NOT NULL
);
ALTER TABLE public.django_content_type ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.django_content_type_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.django_migrations (
    id bigint NOT NULL,
    app character varying(255) NOT NULL,
    name character varying(255) NOT NULL,
    applied timestamp with time zone NOT NULL
);
ALTER TABLE public.django_migrations ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.django_migrations_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.django_session (
    session_key character varying(40) NOT NULL,
    session_data text NOT NULL,
    expire_date timestamp with time zone NOT NULL
);
CREATE TABLE public.files_file (
    id bigint NOT NULL,
    sha256 character varying(64) NOT NULL,
    size bigint NOT NULL,
    stored_at timestamp with time zone NOT NULL,
    CONSTRAINT file_sha256_hex CHECK (((sha256)::text ~ '^[0-9a-f]{64}$'::text)),
    CONSTRAINT files_file_size_check CHECK ((size >= 0))
);
ALTER TABLE public.files_file ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.files_file_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.knowledge_article (
    id bigint NOT NULL,
    "position" smallint NOT NULL,
    audience character varying(10) NOT NULL,
    created_at timestamp with time zone NOT NULL,
    section_id bigint NOT NULL,
    CONSTRAINT article_audience_known CHECK (((audience)::text = ANY ((ARRAY['everybody'::character varying, 'customers'::character varying, 'agents'::character varying])::text[]))),
    CONSTRAINT knowledge_article_position_check CHECK (("position" >= 0))
);
ALTER TABLE public.knowledge_article ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.knowledge_article_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.knowledge_article_products (
    id bigint NOT NULL,
    article_id bigint NOT NULL,
    product_id bigint NOT NULL
);
ALTER TABLE public.knowledge_article_products ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.knowledge_article_products_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.knowledge_media (
    id bigint NOT NULL,
    name character varying(100) NOT NULL,
    content_type character varying(40) NOT NULL,
    description character varying(200) NOT NULL,
    article_id bigint NOT NULL,
    file_id bigint NOT NULL,
    CONSTRAINT media_is_described CHECK ((NOT ((description)::text = ''::text))),
    CONSTRAINT media_name_plain CHECK (((name)::text ~ '^[a-z0-9][a-z0-9._-]*$'::text))
);
ALTER TABLE public.knowledge_media ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.knowledge_media_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.knowledge_publication (
    title character varying(150) NOT NULL,
    summary character varying(300) NOT NULL,
    keywords character varying(300) NOT NULL,
    text text NOT NULL,
    translation_id bigint NOT NULL,
    language character varying(2) NOT NULL,
    slug character varying(100) NOT NULL,
    plain text NOT NULL,
    published_at timestamp with time zone NOT NULL,
    search tsvector GENERATED ALWAYS AS (
CASE
    WHEN ((language)::text = 'en'::text) THEN ((setweight(to_tsvector('english'::regconfig, (COALESCE(title, ''::character varying))::text), 'A'::"char") || setweight(to_tsvector('english'::regconfig, (((COALESCE(summary, ''::character varying))::text || ' '::text) || (COALESCE(keywords, ''::character varying))::text)), 'B'::"char")) || setweight(to_tsvector('english'::regconfig, COALESCE(plain, ''::text)), 'C'::"char"))
    ELSE ((setweight(to_tsvector('dutch'::regconfig, (COALESCE(title, ''::character varying))::text), 'A'::"char") || setweight(to_tsvector('dutch'::regconfig, (((COALESCE(summary, ''::character varying))::text || ' '::text) || (COALESCE(keywords, ''::character varying))::text)), 'B'::"char")) || setweight(to_tsvector('dutch'::regconfig, COALESCE(plain, ''::text)), 'C'::"char"))
END) STORED,
    article_id bigint NOT NULL,
    version_id bigint NOT NULL,
    names tsvector GENERATED ALWAYS AS (
CASE
    WHEN ((language)::text = 'en'::text) THEN (setweight(to_tsvector('english'::regconfig, (COALESCE(title, ''::character varying))::text), 'A'::"char") || setweight(to_tsvector('english'::regconfig, (((COALESCE(summary, ''::character varying))::text || ' '::text) || (COALESCE(keywords, ''::character varying))::text)), 'B'::"char"))
    ELSE (setweight(to_tsvector('dutch'::regconfig, (COALESCE(title, ''::character varying))::text), 'A'::"char") || setweight(to_tsvector('dutch'::regconfig, (((COALESCE(summary, ''::character varying))::text || ' '::text) || (COALESCE(keywords, ''::character varying))::text)), 'B'::"char"))
END) STORED
);
CREATE TABLE public.knowledge_section (
    id bigint NOT NULL,
    name_nl character varying(120) NOT NULL,
    name_en character varying(120) NOT NULL,
    slug character varying(60) NOT NULL,
    "position" smallint NOT NULL,
    parent_id bigint,
    CONSTRAINT knowledge_section_position_check CHECK (("position" >= 0)),
    CONSTRAINT section_not_its_own_parent CHECK ((NOT ((parent_id = id) AND (parent_id IS NOT NULL))))
);
ALTER TABLE public.knowledge_section ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.knowledge_section_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.knowledge_translation (
    id bigint NOT NULL,
    language character varying(2) NOT NULL,
    useful integer NOT NULL,
    not_useful integer NOT NULL,
    article_id bigint NOT NULL,
    latest_id bigint,
    CONSTRAINT knowledge_translation_not_useful_check CHECK ((not_useful >= 0)),
    CONSTRAINT knowledge_translation_useful_check CHECK ((useful >= 0)),
    CONSTRAINT translation_language_known CHECK (((language)::text = ANY ((ARRAY['nl'::character varying, 'en'::character varying])::text[])))
);
ALTER TABLE public.knowledge_translation ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.knowledge_translation_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.knowledge_version (
    id bigint NOT NULL,
    title character varying(150) NOT NULL,
    summary character varying(300) NOT NULL,
    keywords character varying(300) NOT NULL,
    text text NOT NULL,
    number integer NOT NULL,
    note character varying(200) NOT NULL,
    written_at timestamp with time zone NOT NULL,
    translation_id bigint NOT NULL,
    written_by_id bigint,
    CONSTRAINT knowledge_version_number_check CHECK ((number >= 0)),
    CONSTRAINT version_has_a_title CHECK ((NOT ((title)::text = ''::text)))
);
ALTER TABLE public.knowledge_version ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.knowledge_version_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.knowledge_vote (
    id bigint NOT NULL,
    visitor character varying(64) NOT NULL,
    is_useful boolean NOT NULL,
    why character varying(1000) NOT NULL,
    voted_at timestamp with time zone NOT NULL,
    translation_id bigint NOT NULL
);
ALTER TABLE public.knowledge_vote ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.knowledge_vote_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.knowledge_word (
    word character varying(40) NOT NULL
);
CREATE TABLE public.live_event (
    seq bigint NOT NULL,
    topic character varying(100) NOT NULL,
    data jsonb NOT NULL,
    at timestamp with time zone DEFAULT statement_timestamp() NOT NULL
);
ALTER TABLE public.live_event ALTER COLUMN seq ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.live_event_seq_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.mail_addressmark (
    id bigint NOT NULL,
    email character varying(254) NOT NULL,
    undeliverable_since timestamp with time zone,
    soft_bounces smallint NOT NULL,
    trouble character varying(20) NOT NULL,
    words text NOT NULL,
    changed_at timestamp with time zone NOT NULL,
    CONSTRAINT address_mark_says_something CHECK (((undeliverable_since IS NOT NULL) OR (soft_bounces > 0))),
    CONSTRAINT mail_addressmark_soft_bounces_check CHECK ((soft_bounces >= 0))
);
ALTER TABLE public.mail_addressmark ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.mail_addressmark_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.mail_alarm (
    id bigint NOT NULL,
    kind character varying(12) NOT NULL,
    began_at timestamp with time zone NOT NULL,
    reason jsonb NOT NULL,
    ended_at timestamp with time zone,
    mailbox_id bigint,
    CONSTRAINT mail_alarm_kind_known CHECK (((kind)::text = ANY ((ARRAY['unreachable'::character varying, 'silence'::character varying])::text[])))
);
ALTER TABLE public.mail_alarm ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.mail_alarm_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.mail_deskaddress (
    id bigint NOT NULL,
    address character varying(254) NOT NULL,
    language character varying(2) NOT NULL,
    category_id bigint,
    team_id bigint
);
ALTER TABLE public.mail_deskaddress ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.mail_deskaddress_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.mail_fetched (
    id bigint NOT NULL,
    uid_validity bigint NOT NULL,
    uid bigint NOT NULL,
    inbound_id bigint NOT NULL,
    mailbox_id bigint NOT NULL
);
ALTER TABLE public.mail_fetched ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.mail_fetched_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.mail_inboundmail (
    id bigint NOT NULL,
    received_at timestamp with time zone NOT NULL,
    digest character varying(64) NOT NULL,
    raw bytea NOT NULL,
    size bigint NOT NULL,
    state character varying(12) NOT NULL,
    message_id_header text NOT NULL,
    sender character varying(320) NOT NULL,
    subject character varying(200) NOT NULL,
    outcome character varying(40) NOT NULL,
    reasons jsonb NOT NULL,
    error text NOT NULL,
    processed_at timestamp with time zone,
    message_id bigint,
    ticket_id bigint,
    fingerprint character varying(64) NOT NULL,
    attempts smallint DEFAULT 0 NOT NULL,
    next_attempt_at timestamp with time zone,
    way character varying(8) DEFAULT 'pipe'::character varying NOT NULL,
    mailbox_id bigint,
    file_id bigint,
    client jsonb DEFAULT '{}'::jsonb NOT NULL,
    released_by_id bigint,
    released_to_id bigint,
    CONSTRAINT inbound_state_known CHECK (((state)::text = ANY ((ARRAY['stored'::character varying, 'done'::character varying, 'quarantined'::character varying, 'waiting'::character varying, 'spam'::character varying, 'dropped'::character varying])::text[]))),
    CONSTRAINT mail_inboundmail_attempts_check CHECK ((attempts >= 0)),
    CONSTRAINT mail_inboundmail_size_check CHECK ((size >= 0))
);
ALTER TABLE public.mail_inboundmail ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.mail_inboundmail_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.mail_knownkey (
    id bigint NOT NULL,
    kind character varying(5) NOT NULL,
    material text NOT NULL,
    fingerprint character varying(64) NOT NULL,
    added_at timestamp with time zone NOT NULL,
    contact_id bigint NOT NULL,
    CONSTRAINT known_key_kind CHECK (((kind)::text = ANY ((ARRAY['smime'::character varying, 'pgp'::character varying])::text[])))
);
ALTER TABLE public.mail_knownkey ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.mail_knownkey_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.mail_mailbox (
    id bigint NOT NULL,
    name character varying(80) NOT NULL,
    is_on boolean NOT NULL,
    host character varying(253) NOT NULL,
    port integer NOT NULL,
    security character varying(10) NOT NULL,
    "user" character varying(320) NOT NULL,
    login character varying(10) NOT NULL,
    sealed_password text NOT NULL,
    token_url character varying(500) NOT NULL,
    client_id character varying(200) NOT NULL,
    scope character varying(500) NOT NULL,
    sealed_client_secret text NOT NULL,
    sealed_refresh_token text NOT NULL,
    folder character varying(200) NOT NULL,
    processed_folder character varying(200) NOT NULL,
    automatic_folder character varying(200) NOT NULL,
    quarantine_folder character varying(200) NOT NULL,
    begins_with character varying(10) NOT NULL,
    poll_seconds integer NOT NULL,
    uses_idle boolean NOT NULL,
    alarm_after_minutes integer NOT NULL,
    address character varying(254) NOT NULL,
    uid_validity bigint,
    first_uid bigint NOT NULL,
    last_uid bigint NOT NULL,
    looked_at timestamp with time zone,
    unreachable_since timestamp with time zone,
    trouble jsonb NOT NULL,
    category_id bigint,
    CONSTRAINT mail_mailbox_alarm_after_minutes_check CHECK ((alarm_after_minutes >= 0)),
    CONSTRAINT mail_mailbox_poll_seconds_check CHECK ((poll_seconds >= 0)),
    CONSTRAINT mail_mailbox_port_check CHECK ((port >= 0)),
    CONSTRAINT mailbox_choices_known CHECK ((((security)::text = ANY ((ARRAY['tls'::character varying, 'starttls'::character varying, 'none'::character varying])::text[])) AND ((login)::text = ANY ((ARRAY['password'::character varying, 'oauth2'::character varying])::text[])))),
    CONSTRAINT mailbox_open_on_loopback_only CHECK (((NOT ((security)::text = 'none'::text)) OR ((host)::text = ANY ((ARRAY['localhost'::character varying, '127.0.0.1'::character varying, '::1'::character varying])::text[])))),
    CONSTRAINT mailbox_uids_count_up CHECK (((last_uid >= 0) AND (first_uid >= 0)))
);
ALTER TABLE public.mail_mailbox ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.mail_mailbox_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.mail_mailfile (
    id bigint NOT NULL,
    name character varying(200) NOT NULL,
    stored_as character varying(80) NOT NULL,
    size bigint NOT NULL,
    handed_in_at timestamp with time zone NOT NULL,
    read_bytes bigint NOT NULL,
    kept integer NOT NULL,
    known integer NOT NULL,
    left_out integer NOT NULL,
    trouble jsonb NOT NULL,
    finished_at timestamp with time zone,
    by_id bigint,
    CONSTRAINT mail_file_read_in_order CHECK (((read_bytes >= 0) AND (read_bytes <= size))),
    CONSTRAINT mail_mailfile_kept_check CHECK ((kept >= 0)),
    CONSTRAINT mail_mailfile_known_check CHECK ((known >= 0)),
    CONSTRAINT mail_mailfile_left_out_check CHECK ((left_out >= 0))
);
ALTER TABLE public.mail_mailfile ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.mail_mailfile_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.mail_mailsettings (
    id bigint NOT NULL,
    strangers character varying(10) NOT NULL,
    care character varying(10) NOT NULL,
    trusted_checkers text NOT NULL,
    checks_here boolean NOT NULL,
    spam_headers text NOT NULL,
    spam_kept_days smallint NOT NULL,
    answers_per_hour smallint NOT NULL,
    answers_per_ticket smallint NOT NULL,
    own_lists text NOT NULL,
    CONSTRAINT mail_care_known CHECK (((care)::text = ANY ((ARRAY['never'::character varying, 'policy'::character varying, 'strict'::character varying])::text[]))),
    CONSTRAINT mail_mailsettings_answers_per_hour_check CHECK ((answers_per_hour >= 0)),
    CONSTRAINT mail_mailsettings_answers_per_ticket_check CHECK ((answers_per_ticket >= 0)),
    CONSTRAINT mail_mailsettings_spam_kept_days_check CHECK ((spam_kept_days >= 0)),
    CONSTRAINT mail_settings_above_zero CHECK (((answers_per_hour >= 1) AND (answers_per_ticket >= 1) AND (spam_kept_days >= 1))),
    CONSTRAINT mail_settings_one_row CHECK ((id = 1)),
    CONSTRAINT mail_strangers_known CHECK (((strangers)::text = ANY ((ARRAY['contact'::character varying, 'list'::character varying])::text[])))
);
ALTER TABLE public.mail_mailsettings ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.mail_mailsettings_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.mail_mailstep (
    id bigint NOT NULL,
    at timestamp with time zone NOT NULL,
    step character varying(12) NOT NULL,
    inbound bigint,
    outbound bigint,
    data jsonb NOT NULL,
    CONSTRAINT mail_step_known CHECK (((step)::text = ANY ((ARRAY['sorted'::character varying, 'released'::character varying, 'taken_back'::character varying, 'refused'::character varying, 'capped'::character varying, 'retried'::character varying, 'tried'::character varying, 'bounced'::character varying])::text[]))),
    CONSTRAINT mail_step_of_one_mail CHECK ((((inbound IS NOT NULL) OR (outbound IS NOT NULL)) AND (1 = (
CASE
    WHEN (inbound IS NOT NULL) THEN 1
    ELSE 0
END +
CASE
    WHEN (outbound IS NOT NULL) THEN 1
    ELSE 0
END))))
);
ALTER TABLE public.mail_mailstep ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.mail_mailstep_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.mail_mailtext (
    id bigint NOT NULL,
    kind character varying(20) NOT NULL,
    language character varying(2) NOT NULL,
    subject character varying(200) NOT NULL,
    body text NOT NULL,
    changed_at timestamp with time zone NOT NULL,
    CONSTRAINT mail_text_says_something CHECK (((NOT ((subject)::text = ''::text)) AND (NOT (body = ''::text))))
);
ALTER TABLE public.mail_mailtext ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.mail_mailtext_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.mail_messageseal (
    id bigint NOT NULL,
    kind character varying(5) NOT NULL,
    verdict character varying(12) NOT NULL,
    fingerprint character varying(64) NOT NULL,
    message_id bigint NOT NULL,
    CONSTRAINT message_seal_kind_known CHECK (((kind)::text = ANY ((ARRAY['smime'::character varying, 'pgp'::character varying])::text[]))),
    CONSTRAINT message_seal_verdict_known CHECK (((verdict)::text = ANY ((ARRAY['genuine'::character varying, 'partly'::character varying, 'broken'::character varying, 'expired'::character varying, 'no_key'::character varying, 'other_key'::character varying, 'not_checked'::character varying, 'encrypted'::character varying])::text[])))
);
ALTER TABLE public.mail_messageseal ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.mail_messageseal_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.mail_outboundmail (
    id bigint NOT NULL,
    created_at timestamp with time zone NOT NULL,
    kind character varying(14) NOT NULL,
    message_id_header character varying(255) NOT NULL,
    sender character varying(320) NOT NULL,
    reply_to character varying(320) NOT NULL,
    recipient character varying(254) NOT NULL,
    subject character varying(300) NOT NULL,
    text text NOT NULL,
    html text NOT NULL,
    headers jsonb NOT NULL,
    state character varying(10) NOT NULL,
    attempts smallint NOT NULL,
    error text NOT NULL,
    sent_at timestamp with time zone,
    message_id bigint,
    ticket_id bigint,
    brings_files boolean NOT NULL,
    next_attempt_at timestamp with time zone,
    failed_at timestamp with time zone,
    trouble character varying(20) DEFAULT ''::character varying NOT NULL,
    CONSTRAINT mail_outboundmail_attempts_check CHECK ((attempts >= 0)),
    CONSTRAINT outbound_kind_known CHECK (((kind)::text = ANY ((ARRAY['confirmation'::character varying, 'status'::character varying, 'reply'::character varying, 'closing'::character varying, 'pointer'::character varying, 'quota'::character varying, 'account'::character varying, 'phone_number'::character varying, 'video'::character varying])::text[]))),
    CONSTRAINT outbound_queued_has_a_moment CHECK ((((next_attempt_at IS NOT NULL) AND ((state)::text = 'queued'::text)) OR ((NOT ((state)::text = 'queued'::text)) AND (next_attempt_at IS NULL)))),
    CONSTRAINT outbound_state_known CHECK (((state)::text = ANY ((ARRAY['queued'::character varying, 'sent'::character varying, 'failed'::character varying, 'kept'::character varying])::text[])))
);
ALTER TABLE public.mail_outboundmail ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.mail_outboundmail_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.mail_signingkey (
    id bigint NOT NULL,
    domain character varying(253) NOT NULL,
    selector character varying(63) NOT NULL,
    public_key text NOT NULL,
    private_key text NOT NULL,
    is_active boolean NOT NULL,
    created_at timestamp with time zone NOT NULL
);
ALTER TABLE public.mail_signingkey ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.mail_signingkey_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.mfa_authenticator (
    id bigint NOT NULL,
    type character varying(20) NOT NULL,
    data jsonb NOT NULL,
    user_id bigint NOT NULL,
    created_at timestamp with time zone NOT NULL,
    last_used_at timestamp with time zone
);
ALTER TABLE public.mfa_authenticator ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.mfa_authenticator_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.privacy_erasure (
    id bigint NOT NULL,
    contact_key bigint,
    user_key bigint,
    at timestamp with time zone NOT NULL,
    with_files boolean NOT NULL,
    counts jsonb NOT NULL,
    by_id bigint NOT NULL,
    done smallint NOT NULL,
    finished_at timestamp with time zone,
    CONSTRAINT privacy_erasure_done_check CHECK ((done >= 0))
);
ALTER TABLE public.privacy_erasure ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.privacy_erasure_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.privacy_export (
    id bigint NOT NULL,
    asked_at timestamp with time zone NOT NULL,
    done integer NOT NULL,
    total integer NOT NULL,
    finished_at timestamp with time zone,
    expires_at timestamp with time zone NOT NULL,
    asked_by_id bigint NOT NULL,
    contact_id bigint,
    file_id bigint,
    user_id bigint,
    CONSTRAINT export_finished_has_file CHECK (((finished_at IS NULL) OR (file_id IS NOT NULL))),
    CONSTRAINT export_is_about_somebody CHECK (((contact_id IS NOT NULL) OR (user_id IS NOT NULL))),
    CONSTRAINT privacy_export_done_check CHECK ((done >= 0)),
    CONSTRAINT privacy_export_total_check CHECK ((total >= 0))
);
ALTER TABLE public.privacy_export ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.privacy_export_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.privacy_retention (
    id bigint NOT NULL,
    kind character varying(30) NOT NULL,
    days integer NOT NULL,
    changed_at timestamp with time zone NOT NULL,
    last_run_at timestamp with time zone,
    last_count integer NOT NULL,
    CONSTRAINT privacy_retention_days_check CHECK ((days >= 0)),
    CONSTRAINT privacy_retention_last_count_check CHECK ((last_count >= 0)),
    CONSTRAINT retention_of_a_day_at_least CHECK ((days >= 1))
);
ALTER TABLE public.privacy_retention ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.privacy_retention_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.procrastinate_events (
    id bigint NOT NULL,
    job_id bigint NOT NULL,
    type public.procrastinate_job_event_type,
    at timestamp with time zone DEFAULT now()
);
CREATE SEQUENCE public.procrastinate_events_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.procrastinate_events_id_seq OWNED BY public.procrastinate_events.id;
CREATE SEQUENCE public.procrastinate_jobs_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.procrastinate_jobs_id_seq OWNED BY public.procrastinate_jobs.id;
CREATE TABLE public.procrastinate_periodic_defers (
    id bigint NOT NULL,
    task_name character varying(128) NOT NULL,
    defer_timestamp bigint,
    job_id bigint,
    periodic_id character varying(128) DEFAULT ''::character varying NOT NULL
);
CREATE SEQUENCE public.procrastinate_periodic_defers_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.procrastinate_periodic_defers_id_seq OWNED BY public.procrastinate_periodic_defers.id;
CREATE TABLE public.procrastinate_workers (
    id bigint NOT NULL,
    last_heartbeat timestamp with time zone DEFAULT now() NOT NULL
);
ALTER TABLE public.procrastinate_workers ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.procrastinate_workers_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE SEQUENCE public.ticket_number
    START WITH 1001
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
CREATE TABLE public.tickets_attachment (
    id bigint NOT NULL,
    name character varying(200) NOT NULL,
    content_type character varying(120) NOT NULL,
    content_id character varying(200) NOT NULL,
    is_inline boolean NOT NULL,
    file_id bigint NOT NULL,
    message_id bigint NOT NULL
);
ALTER TABLE public.tickets_attachment ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.tickets_attachment_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.tickets_callrequest (
    id bigint NOT NULL,
    phone character varying(16) NOT NULL,
    anydesk character varying(81) NOT NULL,
    ticket_id bigint NOT NULL,
    CONSTRAINT call_request_anydesk CHECK ((((anydesk)::text = ''::text) OR ((anydesk)::text ~ '^([0-9]{9,10}|[a-z0-9._-]{1,50}@[a-z0-9._-]{1,30})$'::text))),
    CONSTRAINT call_request_e164 CHECK ((((phone)::text = ''::text) OR ((phone)::text ~ '^\+[1-9][0-9]{6,14}$'::text))),
    CONSTRAINT call_request_reaches CHECK (((NOT ((phone)::text = ''::text)) OR (NOT ((anydesk)::text = ''::text))))
);
ALTER TABLE public.tickets_callrequest ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.tickets_callrequest_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.tickets_category (
    id bigint NOT NULL,
    name_nl character varying(120) NOT NULL,
    name_en character varying(120) NOT NULL,
    key character varying(60) NOT NULL,
    kind character varying(12) NOT NULL,
    place character varying(12) NOT NULL,
    may_phone_in_office_hours boolean NOT NULL,
    "position" smallint NOT NULL,
    is_active boolean NOT NULL,
    parent_id bigint,
    CONSTRAINT category_kind_known CHECK (((kind)::text = ANY ((ARRAY['incident'::character varying, 'question'::character varying, 'change'::character varying, 'research'::character varying, 'hardware'::character varying, 'third_party'::character varying, 'other'::character varying])::text[]))),
    CONSTRAINT category_not_its_own_parent CHECK ((NOT ((parent_id = id) AND (parent_id IS NOT NULL)))),
    CONSTRAINT tickets_category_position_check CHECK (("position" >= 0))
);
ALTER TABLE public.tickets_category ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.tickets_category_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.tickets_copy (
    id bigint NOT NULL,
    email character varying(254) NOT NULL,
    is_blind boolean NOT NULL,
    message_id bigint NOT NULL,
    ticket_id bigint NOT NULL
);
ALTER TABLE public.tickets_copy ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.tickets_copy_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.tickets_draft (
    id bigint NOT NULL,
    key uuid NOT NULL,
    fields jsonb NOT NULL,
    revision integer NOT NULL,
    saved_at timestamp with time zone NOT NULL,
    dropped_at timestamp with time zone,
    contact_id bigint NOT NULL,
    ticket_id bigint,
    writer uuid,
    CONSTRAINT tickets_draft_revision_check CHECK ((revision >= 0))
);
ALTER TABLE public.tickets_draft ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.tickets_draft_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.tickets_draftfile (
    id bigint NOT NULL,
    name character varying(200) NOT NULL,
    content_type character varying(120) NOT NULL,
    draft_id bigint NOT NULL,
    file_id bigint NOT NULL
);
ALTER TABLE public.tickets_draftfile ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.tickets_draftfile_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.tickets_heldanswer (
    id bigint NOT NULL,
    text text NOT NULL,
    move character varying(20) NOT NULL,
    copies jsonb NOT NULL,
    blind_copies jsonb NOT NULL,
    submission uuid NOT NULL,
    sent_at timestamp with time zone NOT NULL,
    leaves_at timestamp with time zone,
    because jsonb,
    agent_id bigint NOT NULL,
    ticket_id bigint NOT NULL,
    CONSTRAINT held_answer_waits_or_failed CHECK (((leaves_at IS NULL) OR (because IS NULL)))
);
ALTER TABLE public.tickets_heldanswer ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.tickets_heldanswer_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.tickets_heldfile (
    id bigint NOT NULL,
    name character varying(200) NOT NULL,
    content_type character varying(120) NOT NULL,
    answer_id bigint NOT NULL,
    file_id bigint NOT NULL
);
ALTER TABLE public.tickets_heldfile ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.tickets_heldfile_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.tickets_message (
    id bigint NOT NULL,
    is_internal boolean NOT NULL,
    is_automatic boolean NOT NULL,
    channel character varying(10) NOT NULL,
    text text NOT NULL,
    quoted text NOT NULL,
    html text NOT NULL,
    has_remote_images boolean NOT NULL,
    written_at timestamp with time zone NOT NULL,
    submission uuid,
    search tsvector GENERATED ALWAYS AS (to_tsvector('dutch'::regconfig, COALESCE(text, ''::text))) STORED,
    agent_id bigint,
    contact_id bigint,
    ticket_id bigint NOT NULL,
    CONSTRAINT message_note_is_ours CHECK (((NOT is_internal) OR (contact_id IS NULL))),
    CONSTRAINT message_one_author CHECK (((agent_id IS NULL) OR (contact_id IS NULL)))
);
ALTER TABLE public.tickets_message ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.tickets_message_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.tickets_preferredtime (
    id bigint NOT NULL,
    starts_at timestamp with time zone NOT NULL,
    ends_at timestamp with time zone NOT NULL,
    call_request_id bigint NOT NULL,
    CONSTRAINT preferred_time_has_length CHECK ((starts_at < ends_at))
);
ALTER TABLE public.tickets_preferredtime ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.tickets_preferredtime_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.tickets_ticket (
    id bigint NOT NULL,
    number bigint DEFAULT nextval('public.ticket_number'::regclass) NOT NULL,
    subject character varying(200) NOT NULL,
    channel character varying(10) NOT NULL,
    answer_mode character varying(10) NOT NULL,
    billing_mode character varying(10) NOT NULL,
    urgent boolean NOT NULL,
    state character varying(20) NOT NULL,
    initiative character varying(10) NOT NULL,
    decision jsonb NOT NULL,
    opened_at timestamp with time zone NOT NULL,
    changed_at timestamp with time zone NOT NULL,
    due_at timestamp with time zone,
    warn_at timestamp with time zone,
    closed_at timestamp with time zone,
    warn_closing_at timestamp with time zone,
    closes_at timestamp with time zone,
    queue_rank smallint GENERATED ALWAYS AS (
CASE
    WHEN urgent THEN 0
    WHEN (due_at IS NOT NULL) THEN 1
    ELSE 2
END) STORED,
    queue_at timestamp with time zone GENERATED ALWAYS AS (
CASE
    WHEN urgent THEN opened_at
    WHEN (due_at IS NOT NULL) THEN due_at
    ELSE opened_at
END) STORED,
    search tsvector GENERATED ALWAYS AS (to_tsvector('dutch'::regconfig, (COALESCE(subject, ''::character varying))::text)) STORED,
    assigned_to_id bigint,
    category_id bigint,
    contact_id bigint NOT NULL,
    customer_id bigint,
    follows_id bigint,
    site_id bigint,
    team_id bigint,
    CONSTRAINT ticket_answer_mode_known CHECK (((answer_mode)::text = ANY ((ARRAY['site'::character varying, 'callback'::character varying, 'anydesk'::character varying])::text[]))),
    CONSTRAINT ticket_billing_mode_known CHECK (((billing_mode)::text = ANY ((ARRAY['none'::character varying, 'prepaid'::character varying, 'postpaid'::character varying])::text[]))),
    CONSTRAINT ticket_channel_known CHECK (((channel)::text = ANY ((ARRAY['portal'::character varying, 'mail'::character varying, 'phone'::character varying, 'chat'::character varying])::text[]))),
    CONSTRAINT ticket_has_a_subject CHECK ((NOT ((subject)::text = ''::text))),
    CONSTRAINT ticket_initiative_known CHECK (((initiative)::text = ANY ((ARRAY['desk'::character varying, 'customer'::character varying])::text[]))),
    CONSTRAINT ticket_state_known CHECK (((state)::text = ANY ((ARRAY['awaiting_acceptance'::character varying, 'awaiting_payment'::character varying, 'new'::character varying, 'open'::character varying, 'waiting'::character varying, 'planned'::character varying, 'solved'::character varying, 'closed'::character varying, 'declined'::character varying, 'withdrawn'::character varying])::text[])))
);
ALTER TABLE public.tickets_ticket ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.tickets_ticket_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.tickets_ticket_people (
    id bigint NOT NULL,
    ticket_id bigint NOT NULL,
    contact_id bigint NOT NULL
);
ALTER TABLE public.tickets_ticket_people ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.tickets_ticket_people_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.tickets_ticketevent (
    id bigint NOT NULL,
    at timestamp with time zone NOT NULL,
    kind character varying(30) NOT NULL,
    clocks jsonb NOT NULL,
    who character varying(200) NOT NULL,
    data jsonb NOT NULL,
    message_id bigint,
    ticket_id bigint NOT NULL
);
ALTER TABLE public.tickets_ticketevent ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.tickets_ticketevent_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
ALTER TABLE ONLY public.procrastinate_events ALTER COLUMN id SET DEFAULT nextval('public.procrastinate_events_id_seq'::regclass);
ALTER TABLE ONLY public.procrastinate_jobs ALTER COLUMN id SET DEFAULT nextval('public.procrastinate_jobs_id_seq'::regclass);
ALTER TABLE ONLY public.procrastinate_periodic_defers ALTER COLUMN id SET DEFAULT nextval('public.procrastinate_periodic_defers_id_seq'::regclass);
INSERT INTO public.auth_permission VALUES
	(1, 'Can add permission', 1, 'add_permission'),
	(2, 'Can change permission', 1, 'change_permission'),
	(3, 'Can delete permission', 1, 'delete_permission'),
	(4, 'Can view permission', 1, 'view_permission'),
	(5, 'Can add group', 2, 'add_group'),
	(6, 'Can change group', 2, 'change_group'),
	(7, 'Can delete group', 2, 'delete_group'),
	(8, 'Can view group', 2, 'view_group'),
	(9, 'Can add content type', 3, 'add_contenttype'),
	(10, 'Can change content type', 3, 'change_contenttype'),
	(11, 'Can delete content type', 3, 'delete_contenttype'),
	(12, 'Can view content type', 3, 'view_contenttype'),
	(13, 'Can add session', 4, 'add_session'),
	(14, 'Can change session', 4, 'change_session'),
	(15, 'Can delete session', 4, 'delete_session'),
	(16, 'Can view session', 4, 'view_session'),
	(17, 'Can add procrastinate event', 5, 'add_procrastinateevent'),
	(18, 'Can change procrastinate event', 5, 'change_procrastinateevent'),
	(19, 'Can delete procrastinate event', 5, 'delete_procrastinateevent'),
	(20, 'Can view procrastinate event', 5, 'view_procrastinateevent'),
	(21, 'Can add procrastinate job', 6, 'add_procrastinatejob'),
	(22, 'Can change procrastinate job', 6, 'change_procrastinatejob'),
	(23, 'Can delete procrastinate job', 6, 'delete_procrastinatejob'),
	(24, 'Can view procrastinate job', 6, 'view_procrastinatejob'),
	(25, 'Can add procrastinate periodic defer', 7, 'add_procrastinateperiodicdefer'),
	(26, 'Can change procrastinate periodic defer', 7, 'change_procrastinateperiodicdefer'),
	(27, 'Can delete procrastinate periodic defer', 7, 'delete_procrastinateperiodicdefer'),
	(28, 'Can view procrastinate periodic defer', 7, 'view_procrastinateperiodicdefer'),
	(29, 'Can add procrastinate worker', 8, 'add_procrastinateworker'),
	(30, 'Can change procrastinate worker', 8, 'change_procrastinateworker'),
	(31, 'Can delete procrastinate worker', 8, 'delete_procrastinateworker'),
	(32, 'Can view procrastinate worker', 8, 'view_procrastinateworker'),
	(33, 'Can add live event', 9, 'add_liveevent'),
	(34, 'Can change live event', 9, 'change_liveevent'),
	(35, 'Can delete live event', 9, 'delete_liveevent'),
	(36, 'Can view live event', 9, 'view_liveevent'),
	(37, 'Can add file', 10, 'add_file'),
	(38, 'Can change file', 10, 'change_file'),
	(39, 'Can delete file', 10, 'delete_file'),
	(40, 'Can view file', 10, 'view_file'),
	(41, 'Can add audit entry', 11, 'add_entry'),
	(42, 'Can change audit entry', 11, 'change_entry'),
	(43, 'Can delete audit entry', 11, 'delete_entry'),
	(44, 'Can view audit entry', 11, 'view_entry'),
	(45, 'Can add line', 12, 'add_line'),
	(46, 'Can change line', 12, 'change_line'),
	(47, 'Can delete line', 12, 'delete_line'),
	(48, 'Can view line', 12, 'view_line'),
	(49, 'Can add holiday', 13, 'add_holidayhours'),
	(50, 'Can change holiday', 13, 'change_holidayhours'),
	(51, 'Can delete holiday', 13, 'delete_holidayhours'),
	(52, 'Can view holiday', 13, 'view_holidayhours'),
	(53, 'Can add exception', 14, 'add_datedhours'),
	(54, 'Can change exception', 14, 'change_datedhours'),
	(55, 'Can delete exception', 14, 'delete_datedhours'),
	(56, 'Can view exception', 14, 'view_datedhours'),
	(57, 'Can add hours of a weekday', 15, 'add_weekdayhours'),
	(58, 'Can change hours of a weekday', 15, 'change_weekdayhours'),
	(59, 'Can delete hours of a weekday', 15, 'delete_weekdayhours'),
	(60, 'Can view hours of a weekday', 15, 'view_weekdayhours'),
	(61, 'Can add desk', 16, 'add_desk'),
	(62, 'Can change desk', 16, 'change_desk'),
	(63, 'Can delete desk', 16, 'delete_desk'),
	(64, 'Can view desk', 16, 'view_desk'),
	(65, 'Can add team', 17, 'add_team'),
	(66, 'Can change team', 17, 'change_team'),
	(67, 'Can delete team', 17, 'delete_team'),
	(68, 'Can view team', 17, 'view_team'),
	(69, 'Can add user', 18, 'add_user'),
	(70, 'Can change user', 18, 'change_user'),
	(71, 'Can delete user', 18, 'delete_user'),
	(72, 'Can view user', 18, 'view_user'),
	(73, 'Can add agent', 19, 'add_agent'),
	(74, 'Can change agent', 19, 'change_agent'),
	(75, 'Can delete agent', 19, 'delete_agent'),
	(76, 'Can view agent', 19, 'view_agent'),
	(77, 'Can add customer', 20, 'add_customer'),
	(78, 'Can change customer', 20, 'change_customer'),
	(79, 'Can delete customer', 20, 'delete_customer'),
	(80, 'Can view customer', 20, 'view_customer'),
	(81, 'Can add site', 21, 'add_site'),
	(82, 'Can change site', 21, 'change_site'),
	(83, 'Can delete site', 21, 'delete_site'),
	(84, 'Can view site', 21, 'view_site'),
	(85, 'Can add contact', 22, 'add_contact'),
	(86, 'Can change contact', 22, 'change_contact'),
	(87, 'Can delete contact', 22, 'delete_contact'),
	(88, 'Can view contact', 22, 'view_contact'),
	(89, 'Can add asset', 23, 'add_asset'),
	(90, 'Can change asset', 23, 'change_asset'),
	(91, 'Can delete asset', 23, 'delete_asset'),
	(92, 'Can view asset', 23, 'view_asset'),
	(93, 'Can add phone number', 24, 'add_phonenumber'),
	(94, 'Can change phone number', 24, 'change_phonenumber'),
	(95, 'Can delete phone number', 24, 'delete_phonenumber'),
	(96, 'Can view phone number', 24, 'view_phonenumber'),
	(97, 'Can add claim of a login', 25, 'add_addressclaim'),
	(98, 'Can change claim of a login', 25, 'change_addressclaim'),
	(99, 'Can delete claim of a login', 25, 'delete_addressclaim'),
	(100, 'Can view claim of a login', 25, 'view_addressclaim');
INSERT INTO public.auth_permission VALUES
	(101, 'Can add mail domain', 26, 'add_customerdomain'),
	(102, 'Can change mail domain', 26, 'change_customerdomain'),
	(103, 'Can delete mail domain', 26, 'delete_customerdomain'),
	(104, 'Can view mail domain', 26, 'view_customerdomain'),
	(105, 'Can add invitation', 27, 'add_invitation'),
	(106, 'Can change invitation', 27, 'change_invitation'),
	(107, 'Can delete invitation', 27, 'delete_invitation'),
	(108, 'Can view invitation', 27, 'view_invitation'),
	(109, 'Can add account made', 28, 'add_registration'),
	(110, 'Can change account made', 28, 'change_registration'),
	(111, 'Can delete account made', 28, 'delete_registration'),
	(112, 'Can view account made', 28, 'view_registration'),
	(113, 'Can add support plan', 29, 'add_supportplan'),
	(114, 'Can change support plan', 29, 'change_supportplan'),
	(115, 'Can delete support plan', 29, 'delete_supportplan'),
	(116, 'Can view support plan', 29, 'view_supportplan'),
	(117, 'Can add product', 30, 'add_product'),
	(118, 'Can change product', 30, 'change_product'),
	(119, 'Can delete product', 30, 'delete_product'),
	(120, 'Can view product', 30, 'view_product'),
	(121, 'Can add contract type', 31, 'add_contracttype'),
	(122, 'Can change contract type', 31, 'change_contracttype'),
	(123, 'Can delete contract type', 31, 'delete_contracttype'),
	(124, 'Can view contract type', 31, 'view_contracttype'),
	(125, 'Can add contract', 32, 'add_contract'),
	(126, 'Can change contract', 32, 'change_contract'),
	(127, 'Can delete contract', 32, 'delete_contract'),
	(128, 'Can view contract', 32, 'view_contract'),
	(129, 'Can add terms of a customer', 33, 'add_customerterms'),
	(130, 'Can change terms of a customer', 33, 'change_customerterms'),
	(131, 'Can delete terms of a customer', 33, 'delete_customerterms'),
	(132, 'Can view terms of a customer', 33, 'view_customerterms'),
	(133, 'Can add licence', 34, 'add_licence'),
	(134, 'Can change licence', 34, 'change_licence'),
	(135, 'Can delete licence', 34, 'delete_licence'),
	(136, 'Can view licence', 34, 'view_licence'),
	(137, 'Can add credit booking', 35, 'add_creditbooking'),
	(138, 'Can change credit booking', 35, 'change_creditbooking'),
	(139, 'Can delete credit booking', 35, 'delete_creditbooking'),
	(140, 'Can view credit booking', 35, 'view_creditbooking'),
	(141, 'Can add price of a kind of question', 36, 'add_kindprice'),
	(142, 'Can change price of a kind of question', 36, 'change_kindprice'),
	(143, 'Can delete price of a kind of question', 36, 'delete_kindprice'),
	(144, 'Can view price of a kind of question', 36, 'view_kindprice'),
	(145, 'Can add price basis', 37, 'add_pricebasis'),
	(146, 'Can change price basis', 37, 'change_pricebasis'),
	(147, 'Can delete price basis', 37, 'delete_pricebasis'),
	(148, 'Can view price basis', 37, 'view_pricebasis'),
	(149, 'Can add category', 38, 'add_category'),
	(150, 'Can change category', 38, 'change_category'),
	(151, 'Can delete category', 38, 'delete_category'),
	(152, 'Can view category', 38, 'view_category'),
	(153, 'Can add ticket', 39, 'add_ticket'),
	(154, 'Can change ticket', 39, 'change_ticket'),
	(155, 'Can delete ticket', 39, 'delete_ticket'),
	(156, 'Can view ticket', 39, 'view_ticket'),
	(157, 'Can add message', 40, 'add_message'),
	(158, 'Can change message', 40, 'change_message'),
	(159, 'Can delete message', 40, 'delete_message'),
	(160, 'Can view message', 40, 'view_message'),
	(161, 'Can add attachment', 41, 'add_attachment'),
	(162, 'Can change attachment', 41, 'change_attachment'),
	(163, 'Can delete attachment', 41, 'delete_attachment'),
	(164, 'Can view attachment', 41, 'view_attachment'),
	(165, 'Can add event', 42, 'add_ticketevent'),
	(166, 'Can change event', 42, 'change_ticketevent'),
	(167, 'Can delete event', 42, 'delete_ticketevent'),
	(168, 'Can view event', 42, 'view_ticketevent'),
	(169, 'Can add call-back request', 43, 'add_callrequest'),
	(170, 'Can change call-back request', 43, 'change_callrequest'),
	(171, 'Can delete call-back request', 43, 'delete_callrequest'),
	(172, 'Can view call-back request', 43, 'view_callrequest'),
	(173, 'Can add draft', 44, 'add_draft'),
	(174, 'Can change draft', 44, 'change_draft'),
	(175, 'Can delete draft', 44, 'delete_draft'),
	(176, 'Can view draft', 44, 'view_draft'),
	(177, 'Can add file of a draft', 45, 'add_draftfile'),
	(178, 'Can change file of a draft', 45, 'change_draftfile'),
	(179, 'Can delete file of a draft', 45, 'delete_draftfile'),
	(180, 'Can view file of a draft', 45, 'view_draftfile'),
	(181, 'Can add preferred time', 46, 'add_preferredtime'),
	(182, 'Can change preferred time', 46, 'change_preferredtime'),
	(183, 'Can delete preferred time', 46, 'delete_preferredtime'),
	(184, 'Can view preferred time', 46, 'view_preferredtime'),
	(185, 'Can add answer that has not left yet', 47, 'add_heldanswer'),
	(186, 'Can change answer that has not left yet', 47, 'change_heldanswer'),
	(187, 'Can delete answer that has not left yet', 47, 'delete_heldanswer'),
	(188, 'Can view answer that has not left yet', 47, 'view_heldanswer'),
	(189, 'Can add file of a held answer', 48, 'add_heldfile'),
	(190, 'Can change file of a held answer', 48, 'change_heldfile'),
	(191, 'Can delete file of a held answer', 48, 'delete_heldfile'),
	(192, 'Can view file of a held answer', 48, 'view_heldfile'),
	(193, 'Can add copy', 49, 'add_copy'),
	(194, 'Can change copy', 49, 'change_copy'),
	(195, 'Can delete copy', 49, 'delete_copy'),
	(196, 'Can view copy', 49, 'view_copy'),
	(197, 'Can add mail that came in', 50, 'add_inboundmail'),
	(198, 'Can change mail that came in', 50, 'change_inboundmail'),
	(199, 'Can delete mail that came in', 50, 'delete_inboundmail'),
	(200, 'Can view mail that came in', 50, 'view_inboundmail');
INSERT INTO public.auth_permission VALUES
	(201, 'Can add mail that goes out', 51, 'add_outboundmail'),
	(202, 'Can change mail that goes out', 51, 'change_outboundmail'),
	(203, 'Can delete mail that goes out', 51, 'delete_outboundmail'),
	(204, 'Can view mail that goes out', 51, 'view_outboundmail'),
	(205, 'Can add mail text', 52, 'add_mailtext'),
	(206, 'Can change mail text', 52, 'change_mailtext'),
	(207, 'Can delete mail text', 52, 'delete_mailtext'),
	(208, 'Can view mail text', 52, 'view_mailtext'),
	(209, 'Can add address that mail comes back from', 53, 'add_addressmark'),
	(210, 'Can change address that mail comes back from', 53, 'change_addressmark'),
	(211, 'Can delete address that mail comes back from', 53, 'delete_addressmark'),
	(212, 'Can view address that mail comes back from', 53, 'view_addressmark'),
	(213, 'Can add key that signs mail', 54, 'add_signingkey'),
	(214, 'Can change key that signs mail', 54, 'change_signingkey'),
	(215, 'Can delete key that signs mail', 54, 'delete_signingkey'),
	(216, 'Can view key that signs mail', 54, 'view_signingkey'),
	(217, 'Can add alarm', 55, 'add_alarm'),
	(218, 'Can change alarm', 55, 'change_alarm'),
	(219, 'Can delete alarm', 55, 'delete_alarm'),
	(220, 'Can view alarm', 55, 'view_alarm'),
	(221, 'Can add fetched', 56, 'add_fetched'),
	(222, 'Can change fetched', 56, 'change_fetched'),
	(223, 'Can delete fetched', 56, 'delete_fetched'),
	(224, 'Can view fetched', 56, 'view_fetched'),
	(225, 'Can add mailbox', 57, 'add_mailbox'),
	(226, 'Can change mailbox', 57, 'change_mailbox'),
	(227, 'Can delete mailbox', 57, 'delete_mailbox'),
	(228, 'Can view mailbox', 57, 'view_mailbox'),
	(229, 'Can add file with mail', 58, 'add_mailfile'),
	(230, 'Can change file with mail', 58, 'change_mailfile'),
	(231, 'Can delete file with mail', 58, 'delete_mailfile'),
	(232, 'Can view file with mail', 58, 'view_mailfile'),
	(233, 'Can add address of the desk', 59, 'add_deskaddress'),
	(234, 'Can change address of the desk', 59, 'change_deskaddress'),
	(235, 'Can delete address of the desk', 59, 'delete_deskaddress'),
	(236, 'Can view address of the desk', 59, 'view_deskaddress'),
	(237, 'Can add rules for mail that comes in', 60, 'add_mailsettings'),
	(238, 'Can change rules for mail that comes in', 60, 'change_mailsettings'),
	(239, 'Can delete rules for mail that comes in', 60, 'delete_mailsettings'),
	(240, 'Can view rules for mail that comes in', 60, 'view_mailsettings'),
	(241, 'Can add step of a mail', 61, 'add_mailstep'),
	(242, 'Can change step of a mail', 61, 'change_mailstep'),
	(243, 'Can delete step of a mail', 61, 'delete_mailstep'),
	(244, 'Can view step of a mail', 61, 'view_mailstep'),
	(245, 'Can add key of a contact', 62, 'add_knownkey'),
	(246, 'Can change key of a contact', 62, 'change_knownkey'),
	(247, 'Can delete key of a contact', 62, 'delete_knownkey'),
	(248, 'Can view key of a contact', 62, 'view_knownkey'),
	(249, 'Can add seal on a message', 63, 'add_messageseal'),
	(250, 'Can change seal on a message', 63, 'change_messageseal'),
	(251, 'Can delete seal on a message', 63, 'delete_messageseal'),
	(252, 'Can view seal on a message', 63, 'view_messageseal'),
	(253, 'Can add back-up video', 64, 'add_backupvideo'),
	(254, 'Can change back-up video', 64, 'change_backupvideo'),
	(255, 'Can delete back-up video', 64, 'delete_backupvideo'),
	(256, 'Can view back-up video', 64, 'view_backupvideo'),
	(257, 'Can add request for the video', 65, 'add_videorequest'),
	(258, 'Can change request for the video', 65, 'change_videorequest'),
	(259, 'Can delete request for the video', 65, 'delete_videorequest'),
	(260, 'Can view request for the video', 65, 'view_videorequest'),
	(261, 'Can add article', 66, 'add_article'),
	(262, 'Can change article', 66, 'change_article'),
	(263, 'Can delete article', 66, 'delete_article'),
	(264, 'Can view article', 66, 'view_article'),
	(265, 'Can add translation', 67, 'add_translation'),
	(266, 'Can change translation', 67, 'change_translation'),
	(267, 'Can delete translation', 67, 'delete_translation'),
	(268, 'Can view translation', 67, 'view_translation'),
	(269, 'Can add section', 68, 'add_section'),
	(270, 'Can change section', 68, 'change_section'),
	(271, 'Can delete section', 68, 'delete_section'),
	(272, 'Can view section', 68, 'view_section'),
	(273, 'Can add version', 69, 'add_version'),
	(274, 'Can change version', 69, 'change_version'),
	(275, 'Can delete version', 69, 'delete_version'),
	(276, 'Can view version', 69, 'view_version'),
	(277, 'Can add vote', 70, 'add_vote'),
	(278, 'Can change vote', 70, 'change_vote'),
	(279, 'Can delete vote', 70, 'delete_vote'),
	(280, 'Can view vote', 70, 'view_vote'),
	(281, 'Can add picture or video', 71, 'add_media'),
	(282, 'Can change picture or video', 71, 'change_media'),
	(283, 'Can delete picture or video', 71, 'delete_media'),
	(284, 'Can view picture or video', 71, 'view_media'),
	(285, 'Can add publication', 72, 'add_publication'),
	(286, 'Can change publication', 72, 'change_publication'),
	(287, 'Can delete publication', 72, 'delete_publication'),
	(288, 'Can view publication', 72, 'view_publication'),
	(289, 'Can add word', 73, 'add_word'),
	(290, 'Can change word', 73, 'change_word'),
	(291, 'Can delete word', 73, 'delete_word'),
	(292, 'Can view word', 73, 'view_word'),
	(293, 'Can add erasure of a person', 74, 'add_erasure'),
	(294, 'Can change erasure of a person', 74, 'change_erasure'),
	(295, 'Can delete erasure of a person', 74, 'delete_erasure'),
	(296, 'Can view erasure of a person', 74, 'view_erasure'),
	(297, 'Can add retention', 75, 'add_retention'),
	(298, 'Can change retention', 75, 'change_retention'),
	(299, 'Can delete retention', 75, 'delete_retention'),
	(300, 'Can view retention', 75, 'view_retention');
INSERT INTO public.auth_permission VALUES
	(301, 'Can add export of a person', 76, 'add_export'),
	(302, 'Can change export of a person', 76, 'change_export'),
	(303, 'Can delete export of a person', 76, 'delete_export'),
	(304, 'Can view export of a person', 76, 'view_export'),
	(305, 'Can add recount', 77, 'add_recount'),
	(306, 'Can change recount', 77, 'change_recount'),
	(307, 'Can delete recount', 77, 'delete_recount'),
	(308, 'Can view recount', 77, 'view_recount'),
	(309, 'Can add email address', 78, 'add_emailaddress'),
	(310, 'Can change email address', 78, 'change_emailaddress'),
	(311, 'Can delete email address', 78, 'delete_emailaddress'),
	(312, 'Can view email address', 78, 'view_emailaddress'),
	(313, 'Can add email confirmation', 79, 'add_emailconfirmation'),
	(314, 'Can change email confirmation', 79, 'change_emailconfirmation'),
	(315, 'Can delete email confirmation', 79, 'delete_emailconfirmation'),
	(316, 'Can view email confirmation', 79, 'view_emailconfirmation'),
	(317, 'Can add authenticator', 80, 'add_authenticator'),
	(318, 'Can change authenticator', 80, 'change_authenticator'),
	(319, 'Can delete authenticator', 80, 'delete_authenticator'),
	(320, 'Can view authenticator', 80, 'view_authenticator'),
	(321, 'Can add log entry', 81, 'add_logentry'),
	(322, 'Can change log entry', 81, 'change_logentry'),
	(323, 'Can delete log entry', 81, 'delete_logentry'),
	(324, 'Can view log entry', 81, 'view_logentry');
INSERT INTO public.django_content_type VALUES
	(1, 'auth', 'permission'),
	(2, 'auth', 'group'),
	(3, 'contenttypes', 'contenttype'),
	(4, 'sessions', 'session'),
	(5, 'procrastinate', 'procrastinateevent'),
	(6, 'procrastinate', 'procrastinatejob'),
	(7, 'procrastinate', 'procrastinateperiodicdefer'),
	(8, 'procrastinate', 'procrastinateworker'),
	(9, 'live', 'liveevent'),
	(10, 'files', 'file'),
	(11, 'audit', 'entry'),
	(12, 'desk', 'line'),
	(13, 'desk', 'holidayhours'),
	(14, 'desk', 'datedhours'),
	(15, 'desk', 'weekdayhours'),
	(16, 'desk', 'desk'),
	(17, 'accounts', 'team'),
	(18, 'accounts', 'user'),
	(19, 'accounts', 'agent'),
	(20, 'customers', 'customer'),
	(21, 'customers', 'site'),
	(22, 'customers', 'contact'),
	(23, 'customers', 'asset'),
	(24, 'customers', 'phonenumber'),
	(25, 'customers', 'addressclaim'),
	(26, 'customers', 'customerdomain'),
	(27, 'customers', 'invitation'),
	(28, 'customers', 'registration'),
	(29, 'contracts', 'supportplan'),
	(30, 'contracts', 'product'),
	(31, 'contracts', 'contracttype'),
	(32, 'contracts', 'contract'),
	(33, 'contracts', 'customerterms'),
	(34, 'contracts', 'licence'),
	(35, 'contracts', 'creditbooking'),
	(36, 'contracts', 'kindprice'),
	(37, 'contracts', 'pricebasis'),
	(38, 'tickets', 'category'),
	(39, 'tickets', 'ticket'),
	(40, 'tickets', 'message'),
	(41, 'tickets', 'attachment'),
	(42, 'tickets', 'ticketevent'),
	(43, 'tickets', 'callrequest'),
	(44, 'tickets', 'draft'),
	(45, 'tickets', 'draftfile'),
	(46, 'tickets', 'preferredtime'),
	(47, 'tickets', 'heldanswer'),
	(48, 'tickets', 'heldfile'),
	(49, 'tickets', 'copy'),
	(50, 'mail', 'inboundmail'),
	(51, 'mail', 'outboundmail'),
	(52, 'mail', 'mailtext'),
	(53, 'mail', 'addressmark'),
	(54, 'mail', 'signingkey'),
	(55, 'mail', 'alarm'),
	(56, 'mail', 'fetched'),
	(57, 'mail', 'mailbox'),
	(58, 'mail', 'mailfile'),
	(59, 'mail', 'deskaddress'),
	(60, 'mail', 'mailsettings'),
	(61, 'mail', 'mailstep'),
	(62, 'mail', 'knownkey'),
	(63, 'mail', 'messageseal'),
	(64, 'backups', 'backupvideo'),
	(65, 'backups', 'videorequest'),
	(66, 'knowledge', 'article'),
	(67, 'knowledge', 'translation'),
	(68, 'knowledge', 'section'),
	(69, 'knowledge', 'version'),
	(70, 'knowledge', 'vote'),
	(71, 'knowledge', 'media'),
	(72, 'knowledge', 'publication'),
	(73, 'knowledge', 'word'),
	(74, 'privacy', 'erasure'),
	(75, 'privacy', 'retention'),
	(76, 'privacy', 'export'),
	(77, 'administration', 'recount'),
	(78, 'account', 'emailaddress'),
	(79, 'account', 'emailconfirmation'),
	(80, 'mfa', 'authenticator'),
	(81, 'admin', 'logentry');
INSERT INTO public.django_migrations VALUES
	(1, 'accounts', '0001_initial', '2026-01-01 00:00:00+00'),
	(2, 'account', '0001_initial', '2026-01-01 00:00:00+00'),
	(3, 'account', '0002_email_max_length', '2026-01-01 00:00:00+00'),
	(4, 'account', '0003_alter_emailaddress_create_unique_verified_email', '2026-01-01 00:00:00+00'),
	(5, 'account', '0004_alter_emailaddress_drop_unique_email', '2026-01-01 00:00:00+00'),
	(6, 'account', '0005_emailaddress_idx_upper_email', '2026-01-01 00:00:00+00'),
	(7, 'account', '0006_emailaddress_lower', '2026-01-01 00:00:00+00'),
	(8, 'account', '0007_emailaddress_idx_email', '2026-01-01 00:00:00+00'),
	(9, 'account', '0008_emailaddress_unique_primary_email_fixup', '2026-01-01 00:00:00+00'),
	(10, 'account', '0009_emailaddress_unique_primary_email', '2026-01-01 00:00:00+00'),
	(11, 'accounts', '0002_cache_table', '2026-01-01 00:00:00+00'),
	(12, 'contenttypes', '0001_initial', '2026-01-01 00:00:00+00'),
	(13, 'admin', '0001_initial', '2026-01-01 00:00:00+00'),
	(14, 'admin', '0002_logentry_remove_auto_add', '2026-01-01 00:00:00+00'),
	(15, 'admin', '0003_logentry_add_action_flag_choices', '2026-01-01 00:00:00+00'),
	(16, 'administration', '0001_recounts', '2026-01-01 00:00:00+00'),
	(17, 'audit', '0001_initial', '2026-01-01 00:00:00+00'),
	(18, 'audit', '0002_privacy', '2026-01-01 00:00:00+00'),
	(19, 'contenttypes', '0002_remove_content_type_name', '2026-01-01 00:00:00+00'),
	(20, 'auth', '0001_initial', '2026-01-01 00:00:00+00'),
	(21, 'auth', '0002_alter_permission_name_max_length', '2026-01-01 00:00:00+00'),
	(22, 'auth', '0003_alter_user_email_max_length', '2026-01-01 00:00:00+00'),
	(23, 'auth', '0004_alter_user_username_opts', '2026-01-01 00:00:00+00'),
	(24, 'auth', '0005_alter_user_last_login_null', '2026-01-01 00:00:00+00'),
	(25, 'auth', '0006_require_contenttypes_0002', '2026-01-01 00:00:00+00'),
	(26, 'auth', '0007_alter_validators_add_error_messages', '2026-01-01 00:00:00+00'),
	(27, 'auth', '0008_alter_user_username_max_length', '2026-01-01 00:00:00+00'),
	(28, 'auth', '0009_alter_user_last_name_max_length', '2026-01-01 00:00:00+00'),
	(29, 'auth', '0010_alter_group_name_max_length', '2026-01-01 00:00:00+00'),
	(30, 'auth', '0011_update_proxy_permissions', '2026-01-01 00:00:00+00'),
	(31, 'auth', '0012_alter_user_first_name_max_length', '2026-01-01 00:00:00+00'),
	(32, 'files', '0001_initial', '2026-01-01 00:00:00+00'),
	(33, 'customers', '0001_initial', '2026-01-01 00:00:00+00'),
	(34, 'customers', '0002_accounts_made', '2026-01-01 00:00:00+00'),
	(35, 'customers', '0003_phone_number_requests', '2026-01-01 00:00:00+00'),
	(36, 'backups', '0001_initial', '2026-01-01 00:00:00+00'),
	(37, 'desk', '0001_initial', '2026-01-01 00:00:00+00'),
	(38, 'desk', '0002_revision', '2026-01-01 00:00:00+00'),
	(39, 'contracts', '0001_initial', '2026-01-01 00:00:00+00'),
	(40, 'contracts', '0002_revision', '2026-01-01 00:00:00+00'),
	(41, 'contracts', '0003_credit', '2026-01-01 00:00:00+00'),
	(42, 'contracts', '0004_prices_and_rates', '2026-01-01 00:00:00+00'),
	(43, 'desk', '0003_second_factor_and_claims', '2026-01-01 00:00:00+00'),
	(44, 'desk', '0004_prices_and_rates', '2026-01-01 00:00:00+00'),
	(45, 'desk', '0005_acceptance_of_requests', '2026-01-01 00:00:00+00'),
	(46, 'desk', '0006_how_to_pay', '2026-01-01 00:00:00+00'),
	(47, 'desk', '0007_mail_that_leaves', '2026-01-01 00:00:00+00'),
	(48, 'knowledge', '0001_initial', '2026-01-01 00:00:00+00'),
	(49, 'knowledge', '0002_words', '2026-01-01 00:00:00+00'),
	(50, 'live', '0001_initial', '2026-01-01 00:00:00+00'),
	(51, 'tickets', '0001_initial', '2026-01-01 00:00:00+00'),
	(52, 'tickets', '0002_drafts_and_call_requests', '2026-01-01 00:00:00+00'),
	(53, 'tickets', '0003_draft_writer_and_third_parties', '2026-01-01 00:00:00+00'),
	(54, 'tickets', '0004_revision', '2026-01-01 00:00:00+00'),
	(55, 'tickets', '0005_mail_that_leaves', '2026-01-01 00:00:00+00'),
	(56, 'mail', '0001_initial', '2026-01-01 00:00:00+00'),
	(57, 'mail', '0002_letters_about_numbers_and_videos', '2026-01-01 00:00:00+00'),
	(58, 'mail', '0003_mail_texts', '2026-01-01 00:00:00+00'),
	(59, 'mail', '0004_attempts_on_what_came_in', '2026-01-01 00:00:00+00'),
	(60, 'mail', '0005_mail_that_leaves', '2026-01-01 00:00:00+00'),
	(61, 'mail', '0006_ways_in', '2026-01-01 00:00:00+00'),
	(62, 'mail', '0007_who_and_what', '2026-01-01 00:00:00+00'),
	(63, 'mail', '0008_seals_on_mail', '2026-01-01 00:00:00+00'),
	(64, 'mail', '0009_revision', '2026-01-01 00:00:00+00'),
	(65, 'mfa', '0001_initial', '2026-01-01 00:00:00+00'),
	(66, 'mfa', '0002_authenticator_timestamps', '2026-01-01 00:00:00+00'),
	(67, 'mfa', '0003_authenticator_type_uniq', '2026-01-01 00:00:00+00'),
	(68, 'privacy', '0001_exports_erasures_retention', '2026-01-01 00:00:00+00'),
	(69, 'privacy', '0002_erasures_in_steps', '2026-01-01 00:00:00+00'),
	(70, 'procrastinate', '0001_initial', '2026-01-01 00:00:00+00'),
	(71, 'procrastinate', '0002_drop_started_at_column', '2026-01-01 00:00:00+00'),
	(72, 'procrastinate', '0003_drop_started_at_column', '2026-01-01 00:00:00+00'),
	(73, 'procrastinate', '0004_drop_procrastinate_version_table', '2026-01-01 00:00:00+00'),
	(74, 'procrastinate', '0005_fix_procrastinate_fetch_job', '2026-01-01 00:00:00+00'),
	(75, 'procrastinate', '0006_fix_trigger_status_events_insert', '2026-01-01 00:00:00+00'),
	(76, 'procrastinate', '0007_add_queueing_lock_column', '2026-01-01 00:00:00+00'),
	(77, 'procrastinate', '0008_close_fetch_job_race_condition', '2026-01-01 00:00:00+00'),
	(78, 'procrastinate', '0009_add_defer_job_function', '2026-01-01 00:00:00+00'),
	(79, 'procrastinate', '0010_add_procrastinate_periodic_defers', '2026-01-01 00:00:00+00'),
	(80, 'procrastinate', '0011_add_foreign_key_index', '2026-01-01 00:00:00+00'),
	(81, 'procrastinate', '0012_add_locks_to_periodic_defer', '2026-01-01 00:00:00+00'),
	(82, 'procrastinate', '0013_fix_procrastinate_defer_periodic_job', '2026-01-01 00:00:00+00'),
	(83, 'procrastinate', '0014_add_finish_job_and_retry_job_functions', '2026-01-01 00:00:00+00'),
	(84, 'procrastinate', '0015_add_trigger_on_job_deletion', '2026-01-01 00:00:00+00'),
	(85, 'procrastinate', '0016_delete_finished_jobs', '2026-01-01 00:00:00+00'),
	(86, 'procrastinate', '0017_add_checks_to_finish_job', '2026-01-01 00:00:00+00'),
	(103, 'procrastinate', '0034_pre_add_heartbeat', '2026-01-01 00:00:00+00'),
	(87, 'procrastinate', '0018_add_checks_to_retry_job', '2026-01-01 00:00:00+00'),
	(88, 'procrastinate', '0019_fix_finish_job_compat_issue', '2026-01-01 00:00:00+00'),
	(89, 'procrastinate', '0020_add_index_on_procrastinate_jobs', '2026-01-01 00:00:00+00'),
	(90, 'procrastinate', '0021_add_kwargs_to_defer_periodic_job', '2026-01-01 00:00:00+00'),
	(91, 'procrastinate', '0022_null_locks_excluded', '2026-01-01 00:00:00+00'),
	(92, 'procrastinate', '0023_remove_old_finish_job_function', '2026-01-01 00:00:00+00'),
	(93, 'procrastinate', '0024_job_id_bigint', '2026-01-01 00:00:00+00'),
	(94, 'procrastinate', '0025_add_models', '2026-01-01 00:00:00+00'),
	(95, 'procrastinate', '0026_add_job_priority', '2026-01-01 00:00:00+00'),
	(96, 'procrastinate', '0027_add_periodic_job_priority', '2026-01-01 00:00:00+00'),
	(97, 'procrastinate', '0028_add_cancel_states', '2026-01-01 00:00:00+00'),
	(98, 'procrastinate', '0029_add_additional_params_to_retry_job', '2026-01-01 00:00:00+00'),
	(99, 'procrastinate', '0030_alter_procrastinateevent_options', '2026-01-01 00:00:00+00');
INSERT INTO public.django_migrations VALUES
	(100, 'procrastinate', '0031_add_indexes_for_fetch_job', '2026-01-01 00:00:00+00'),
	(101, 'procrastinate', '0032_pre_cancel_notification', '2026-01-01 00:00:00+00'),
	(102, 'procrastinate', '0033_post_cancel_notification', '2026-01-01 00:00:00+00'),
	(104, 'procrastinate', '0035_post_add_heartbeat', '2026-01-01 00:00:00+00'),
	(105, 'procrastinate', '0036_add_worker_model', '2026-01-01 00:00:00+00'),
	(106, 'procrastinate', '0037_pre_batch_defer_jobs', '2026-01-01 00:00:00+00'),
	(107, 'procrastinate', '0038_post_batch_defer_jobs', '2026-01-01 00:00:00+00'),
	(108, 'procrastinate', '0039_pre_priority_lock_fetch_job', '2026-01-01 00:00:00+00'),
	(109, 'procrastinate', '0040_pre_retry_failed_job', '2026-01-01 00:00:00+00'),
	(110, 'procrastinate', '0041_post_retry_failed_job', '2026-01-01 00:00:00+00'),
	(111, 'sessions', '0001_initial', '2026-01-01 00:00:00+00');
SELECT pg_catalog.setval('public.account_emailaddress_id_seq', 1, false);
SELECT pg_catalog.setval('public.account_emailconfirmation_id_seq', 1, false);
SELECT pg_catalog.setval('public.accounts_agent_id_seq', 1, false);
SELECT pg_catalog.setval('public.accounts_team_id_seq', 1, false);
SELECT pg_catalog.setval('public.accounts_user_id_seq', 1, false);
SELECT pg_catalog.setval('public.administration_recount_id_seq', 1, false);
SELECT pg_catalog.setval('public.audit_entry_id_seq', 1, false);
SELECT pg_catalog.setval('public.auth_group_id_seq', 1, false);
SELECT pg_catalog.setval('public.auth_group_permissions_id_seq', 1, false);
SELECT pg_catalog.setval('public.auth_permission_id_seq', 324, true);
SELECT pg_catalog.setval('public.backups_backupvideo_id_seq', 1, false);
SELECT pg_catalog.setval('public.backups_videorequest_id_seq', 1, false);
SELECT pg_catalog.setval('public.contracts_contract_id_seq', 1, false);
SELECT pg_catalog.setval('public.contracts_contracttype_id_seq', 1, false);
SELECT pg_catalog.setval('public.contracts_creditbooking_id_seq', 1, false);
SELECT pg_catalog.setval('public.contracts_customerterms_id_seq', 1, false);
SELECT pg_catalog.setval('public.contracts_kindprice_id_seq', 1, false);
SELECT pg_catalog.setval('public.contracts_licence_id_seq', 1, false);
SELECT pg_catalog.setval('public.contracts_pricebasis_id_seq', 1, false);
SELECT pg_catalog.setval('public.contracts_product_id_seq', 1, false);
SELECT pg_catalog.setval('public.contracts_supportplan_id_seq', 1, false);
SELECT pg_catalog.setval('public.customers_addressclaim_id_seq', 1, false);
SELECT pg_catalog.setval('public.customers_asset_id_seq', 1, false);
SELECT pg_catalog.setval('public.customers_contact_id_seq', 1, false);
SELECT pg_catalog.setval('public.customers_customer_id_seq', 1, false);
SELECT pg_catalog.setval('public.customers_customerdomain_id_seq', 1, false);
SELECT pg_catalog.setval('public.customers_invitation_id_seq', 1, false);
SELECT pg_catalog.setval('public.customers_phonenumber_id_seq', 1, false);
SELECT pg_catalog.setval('public.customers_registration_id_seq', 1, false);
SELECT pg_catalog.setval('public.customers_site_id_seq', 1, false);
SELECT pg_catalog.setval('public.desk_datedhours_id_seq', 1, false);
SELECT pg_catalog.setval('public.desk_desk_id_seq', 1, false);
SELECT pg_catalog.setval('public.desk_holidayhours_id_seq', 1, false);
SELECT pg_catalog.setval('public.desk_line_id_seq', 1, false);
SELECT pg_catalog.setval('public.desk_weekdayhours_id_seq', 1, false);
SELECT pg_catalog.setval('public.django_admin_log_id_seq', 1, false);
SELECT pg_catalog.setval('public.django_content_type_id_seq', 81, true);
SELECT pg_catalog.setval('public.django_migrations_id_seq', 111, true);
SELECT pg_catalog.setval('public.files_file_id_seq', 1, false);
SELECT pg_catalog.setval('public.knowledge_article_id_seq', 1, false);
SELECT pg_catalog.setval('public.knowledge_article_products_id_seq', 1, false);
SELECT pg_catalog.setval('public.knowledge_media_id_seq', 1, false);
SELECT pg_catalog.setval('public.knowledge_section_id_seq', 1, false);
SELECT pg_catalog.setval('public.knowledge_translation_id_seq', 1, false);
SELECT pg_catalog.setval('public.knowledge_version_id_seq', 1, false);
SELECT pg_catalog.setval('public.knowledge_vote_id_seq', 1, false);
SELECT pg_catalog.setval('public.live_event_seq_seq', 1, false);
SELECT pg_catalog.setval('public.mail_addressmark_id_seq', 1, false);
SELECT pg_catalog.setval('public.mail_alarm_id_seq', 1, false);
SELECT pg_catalog.setval('public.mail_deskaddress_id_seq', 1, false);
SELECT pg_catalog.setval('public.mail_fetched_id_seq', 1, false);
SELECT pg_catalog.setval('public.mail_inboundmail_id_seq', 1, false);
SELECT pg_catalog.setval('public.mail_knownkey_id_seq', 1, false);
SELECT pg_catalog.setval('public.mail_mailbox_id_seq', 1, false);
SELECT pg_catalog.setval('public.mail_mailfile_id_seq', 1, false);
SELECT pg_catalog.setval('public.mail_mailsettings_id_seq', 1, false);
SELECT pg_catalog.setval('public.mail_mailstep_id_seq', 1, false);
SELECT pg_catalog.setval('public.mail_mailtext_id_seq', 1, false);
SELECT pg_catalog.setval('public.mail_messageseal_id_seq', 1, false);
SELECT pg_catalog.setval('public.mail_outboundmail_id_seq', 1, false);
SELECT pg_catalog.setval('public.mail_signingkey_id_seq', 1, false);
SELECT pg_catalog.setval('public.mfa_authenticator_id_seq', 1, false);
SELECT pg_catalog.setval('public.privacy_erasure_id_seq', 1, false);
SELECT pg_catalog.setval('public.privacy_export_id_seq', 1, false);
SELECT pg_catalog.setval('public.privacy_retention_id_seq', 1, false);
SELECT pg_catalog.setval('public.procrastinate_events_id_seq', 1, false);
SELECT pg_catalog.setval('public.procrastinate_jobs_id_seq', 1, false);
SELECT pg_catalog.setval('public.procrastinate_periodic_defers_id_seq', 1, false);
SELECT pg_catalog.setval('public.procrastinate_workers_id_seq', 1, false);
SELECT pg_catalog.setval('public.ticket_number', 1001, false);
SELECT pg_catalog.setval('public.tickets_attachment_id_seq', 1, false);
SELECT pg_catalog.setval('public.tickets_callrequest_id_seq', 1, false);
SELECT pg_catalog.setval('public.tickets_category_id_seq', 1, false);
SELECT pg_catalog.setval('public.tickets_copy_id_seq', 1, false);
SELECT pg_catalog.setval('public.tickets_draft_id_seq', 1, false);
SELECT pg_catalog.setval('public.tickets_draftfile_id_seq', 1, false);
SELECT pg_catalog.setval('public.tickets_heldanswer_id_seq', 1, false);
SELECT pg_catalog.setval('public.tickets_heldfile_id_seq', 1, false);
SELECT pg_catalog.setval('public.tickets_message_id_seq', 1, false);
SELECT pg_catalog.setval('public.tickets_preferredtime_id_seq', 1, false);
SELECT pg_catalog.setval('public.tickets_ticket_id_seq', 1, false);
SELECT pg_catalog.setval('public.tickets_ticket_people_id_seq', 1, false);
SELECT pg_catalog.setval('public.tickets_ticketevent_id_seq', 1, false);
ALTER TABLE ONLY public.account_emailaddress
    ADD CONSTRAINT account_emailaddress_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.account_emailaddress
    ADD CONSTRAINT account_emailaddress_user_id_email_987c8728_uniq UNIQUE (user_id, email);
ALTER TABLE ONLY public.account_emailconfirmation
    ADD CONSTRAINT account_emailconfirmation_key_key UNIQUE (key);
ALTER TABLE ONLY public.account_emailconfirmation
    ADD CONSTRAINT account_emailconfirmation_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.accounts_agent
    ADD CONSTRAINT accounts_agent_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.accounts_agent
    ADD CONSTRAINT accounts_agent_user_id_key UNIQUE (user_id);
ALTER TABLE ONLY public.accounts_team
    ADD CONSTRAINT accounts_team_name_key UNIQUE (name);
ALTER TABLE ONLY public.accounts_team
    ADD CONSTRAINT accounts_team_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.accounts_user
    ADD CONSTRAINT accounts_user_email_key UNIQUE (email);
ALTER TABLE ONLY public.accounts_user
    ADD CONSTRAINT accounts_user_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.administration_recount
    ADD CONSTRAINT administration_recount_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.audit_entry
    ADD CONSTRAINT audit_entry_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.auth_group
    ADD CONSTRAINT auth_group_name_key UNIQUE (name);
ALTER TABLE ONLY public.auth_group_permissions
    ADD CONSTRAINT auth_group_permissions_group_id_permission_id_0cd325b0_uniq UNIQUE (group_id, permission_id);
ALTER TABLE ONLY public.auth_group_permissions
    ADD CONSTRAINT auth_group_permissions_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.auth_group
    ADD CONSTRAINT auth_group_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.auth_permission
    ADD CONSTRAINT auth_permission_content_type_id_codename_01ab375a_uniq UNIQUE (content_type_id, codename);
ALTER TABLE ONLY public.auth_permission
    ADD CONSTRAINT auth_permission_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.backups_backupvideo
    ADD CONSTRAINT backups_backupvideo_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.backups_videorequest
    ADD CONSTRAINT backups_videorequest_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.cache
    ADD CONSTRAINT cache_pkey PRIMARY KEY (cache_key);
ALTER TABLE ONLY public.contracts_contract
    ADD CONSTRAINT contracts_contract_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.contracts_contracttype
    ADD CONSTRAINT contracts_contracttype_key_key UNIQUE (key);
ALTER TABLE ONLY public.contracts_contracttype
    ADD CONSTRAINT contracts_contracttype_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.contracts_creditbooking
    ADD CONSTRAINT contracts_creditbooking_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.contracts_creditbooking
    ADD CONSTRAINT contracts_creditbooking_submission_key UNIQUE (submission);
ALTER TABLE ONLY public.contracts_customerterms
    ADD CONSTRAINT contracts_customerterms_customer_id_key UNIQUE (customer_id);
ALTER TABLE ONLY public.contracts_customerterms
    ADD CONSTRAINT contracts_customerterms_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.contracts_kindprice
    ADD CONSTRAINT contracts_kindprice_kind_key UNIQUE (kind);
ALTER TABLE ONLY public.contracts_kindprice
    ADD CONSTRAINT contracts_kindprice_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.contracts_licence
    ADD CONSTRAINT contracts_licence_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.contracts_pricebasis
    ADD CONSTRAINT contracts_pricebasis_contract_type_id_key UNIQUE (contract_type_id);
ALTER TABLE ONLY public.contracts_pricebasis
    ADD CONSTRAINT contracts_pricebasis_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.contracts_pricebasis
    ADD CONSTRAINT contracts_pricebasis_plan_id_key UNIQUE (plan_id);
ALTER TABLE ONLY public.contracts_pricebasis
    ADD CONSTRAINT contracts_pricebasis_status_key UNIQUE (status);
ALTER TABLE ONLY public.contracts_product
    ADD CONSTRAINT contracts_product_key_key UNIQUE (key);
ALTER TABLE ONLY public.contracts_product
    ADD CONSTRAINT contracts_product_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.contracts_supportplan
    ADD CONSTRAINT contracts_supportplan_key_key UNIQUE (key);
ALTER TABLE ONLY public.contracts_supportplan
    ADD CONSTRAINT contracts_supportplan_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.customers_addressclaim
    ADD CONSTRAINT customers_addressclaim_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.customers_asset
    ADD CONSTRAINT customers_asset_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.customers_contact
    ADD CONSTRAINT customers_contact_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.customers_contact
    ADD CONSTRAINT customers_contact_user_id_key UNIQUE (user_id);
ALTER TABLE ONLY public.customers_customer
    ADD CONSTRAINT customers_customer_number_key UNIQUE (number);
ALTER TABLE ONLY public.customers_customer
    ADD CONSTRAINT customers_customer_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.customers_customerdomain
    ADD CONSTRAINT customers_customerdomain_domain_key UNIQUE (domain);
ALTER TABLE ONLY public.customers_customerdomain
    ADD CONSTRAINT customers_customerdomain_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.customers_invitation
    ADD CONSTRAINT customers_invitation_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.customers_phonenumber
    ADD CONSTRAINT customers_phonenumber_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.customers_registration
    ADD CONSTRAINT customers_registration_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.customers_registration
    ADD CONSTRAINT customers_registration_user_id_key UNIQUE (user_id);
ALTER TABLE ONLY public.customers_site
    ADD CONSTRAINT customers_site_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.desk_datedhours
    ADD CONSTRAINT dated_hours_once UNIQUE (line_id, "on");
ALTER TABLE ONLY public.desk_datedhours
    ADD CONSTRAINT desk_datedhours_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.desk_desk
    ADD CONSTRAINT desk_desk_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.desk_holidayhours
    ADD CONSTRAINT desk_holidayhours_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.desk_line
    ADD CONSTRAINT desk_line_key_key UNIQUE (key);
ALTER TABLE ONLY public.desk_line
    ADD CONSTRAINT desk_line_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.desk_weekdayhours
    ADD CONSTRAINT desk_weekdayhours_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.django_admin_log
    ADD CONSTRAINT django_admin_log_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.django_content_type
    ADD CONSTRAINT django_content_type_app_label_model_76bd3d3b_uniq UNIQUE (app_label, model);
ALTER TABLE ONLY public.django_content_type
    ADD CONSTRAINT django_content_type_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.django_migrations
    ADD CONSTRAINT django_migrations_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.django_session
    ADD CONSTRAINT django_session_pkey PRIMARY KEY (session_key);
ALTER TABLE ONLY public.tickets_draftfile
    ADD CONSTRAINT draft_file_once UNIQUE (draft_id, file_id);
ALTER TABLE ONLY public.tickets_draft
    ADD CONSTRAINT draft_once UNIQUE (contact_id, key);
ALTER TABLE ONLY public.mail_fetched
    ADD CONSTRAINT fetched_message_once UNIQUE (mailbox_id, uid_validity, uid);
ALTER TABLE ONLY public.files_file
    ADD CONSTRAINT files_file_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.files_file
    ADD CONSTRAINT files_file_sha256_key UNIQUE (sha256);
ALTER TABLE ONLY public.desk_holidayhours
    ADD CONSTRAINT holiday_hours_once UNIQUE (line_id, holiday);
ALTER TABLE ONLY public.knowledge_article
    ADD CONSTRAINT knowledge_article_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.knowledge_article_products
    ADD CONSTRAINT knowledge_article_products_article_id_product_id_b7db196e_uniq UNIQUE (article_id, product_id);
ALTER TABLE ONLY public.knowledge_article_products
    ADD CONSTRAINT knowledge_article_products_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.knowledge_media
    ADD CONSTRAINT knowledge_media_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.knowledge_publication
    ADD CONSTRAINT knowledge_publication_pkey PRIMARY KEY (translation_id);
ALTER TABLE ONLY public.knowledge_section
    ADD CONSTRAINT knowledge_section_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.knowledge_section
    ADD CONSTRAINT knowledge_section_slug_key UNIQUE (slug);
ALTER TABLE ONLY public.knowledge_translation
    ADD CONSTRAINT knowledge_translation_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.knowledge_version
    ADD CONSTRAINT knowledge_version_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.knowledge_vote
    ADD CONSTRAINT knowledge_vote_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.knowledge_word
    ADD CONSTRAINT knowledge_word_pkey PRIMARY KEY (word);
ALTER TABLE ONLY public.mail_knownkey
    ADD CONSTRAINT known_key_once UNIQUE (contact_id, fingerprint);
ALTER TABLE ONLY public.live_event
    ADD CONSTRAINT live_event_pkey PRIMARY KEY (seq);
ALTER TABLE ONLY public.mail_addressmark
    ADD CONSTRAINT mail_addressmark_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.mail_alarm
    ADD CONSTRAINT mail_alarm_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.mail_deskaddress
    ADD CONSTRAINT mail_deskaddress_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.mail_fetched
    ADD CONSTRAINT mail_fetched_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.mail_inboundmail
    ADD CONSTRAINT mail_inboundmail_digest_key UNIQUE (digest);
ALTER TABLE ONLY public.mail_inboundmail
    ADD CONSTRAINT mail_inboundmail_message_id_key UNIQUE (message_id);
ALTER TABLE ONLY public.mail_inboundmail
    ADD CONSTRAINT mail_inboundmail_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.mail_knownkey
    ADD CONSTRAINT mail_knownkey_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.mail_mailbox
    ADD CONSTRAINT mail_mailbox_name_key UNIQUE (name);
ALTER TABLE ONLY public.mail_mailbox
    ADD CONSTRAINT mail_mailbox_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.mail_mailfile
    ADD CONSTRAINT mail_mailfile_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.mail_mailsettings
    ADD CONSTRAINT mail_mailsettings_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.mail_mailstep
    ADD CONSTRAINT mail_mailstep_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.mail_mailtext
    ADD CONSTRAINT mail_mailtext_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.mail_messageseal
    ADD CONSTRAINT mail_messageseal_message_id_key UNIQUE (message_id);
ALTER TABLE ONLY public.mail_messageseal
    ADD CONSTRAINT mail_messageseal_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.mail_outboundmail
    ADD CONSTRAINT mail_outboundmail_message_id_header_key UNIQUE (message_id_header);
ALTER TABLE ONLY public.mail_outboundmail
    ADD CONSTRAINT mail_outboundmail_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.mail_signingkey
    ADD CONSTRAINT mail_signingkey_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.mail_mailtext
    ADD CONSTRAINT mail_text_once UNIQUE (kind, language);
ALTER TABLE ONLY public.knowledge_media
    ADD CONSTRAINT media_name_once UNIQUE (article_id, name);
ALTER TABLE ONLY public.mfa_authenticator
    ADD CONSTRAINT mfa_authenticator_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.customers_phonenumber
    ADD CONSTRAINT phone_number_once_a_customer UNIQUE (customer_id, e164);
ALTER TABLE ONLY public.tickets_preferredtime
    ADD CONSTRAINT preferred_time_once UNIQUE (call_request_id, starts_at);
ALTER TABLE ONLY public.privacy_erasure
    ADD CONSTRAINT privacy_erasure_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.privacy_export
    ADD CONSTRAINT privacy_export_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.privacy_retention
    ADD CONSTRAINT privacy_retention_kind_key UNIQUE (kind);
ALTER TABLE ONLY public.privacy_retention
    ADD CONSTRAINT privacy_retention_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.procrastinate_events
    ADD CONSTRAINT procrastinate_events_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.procrastinate_jobs
    ADD CONSTRAINT procrastinate_jobs_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.procrastinate_periodic_defers
    ADD CONSTRAINT procrastinate_periodic_defers_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.procrastinate_periodic_defers
    ADD CONSTRAINT procrastinate_periodic_defers_unique UNIQUE (task_name, periodic_id, defer_timestamp);
ALTER TABLE ONLY public.procrastinate_workers
    ADD CONSTRAINT procrastinate_workers_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.knowledge_publication
    ADD CONSTRAINT publication_once_a_language UNIQUE (article_id, language);
ALTER TABLE ONLY public.mail_signingkey
    ADD CONSTRAINT signing_key_once UNIQUE (domain, selector);
ALTER TABLE ONLY public.customers_site
    ADD CONSTRAINT site_name_once UNIQUE (customer_id, name);
ALTER TABLE ONLY public.tickets_attachment
    ADD CONSTRAINT tickets_attachment_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.tickets_callrequest
    ADD CONSTRAINT tickets_callrequest_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.tickets_callrequest
    ADD CONSTRAINT tickets_callrequest_ticket_id_key UNIQUE (ticket_id);
ALTER TABLE ONLY public.tickets_category
    ADD CONSTRAINT tickets_category_key_key UNIQUE (key);
ALTER TABLE ONLY public.tickets_category
    ADD CONSTRAINT tickets_category_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.tickets_copy
    ADD CONSTRAINT tickets_copy_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.tickets_draft
    ADD CONSTRAINT tickets_draft_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.tickets_draftfile
    ADD CONSTRAINT tickets_draftfile_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.tickets_heldanswer
    ADD CONSTRAINT tickets_heldanswer_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.tickets_heldanswer
    ADD CONSTRAINT tickets_heldanswer_submission_key UNIQUE (submission);
ALTER TABLE ONLY public.tickets_heldfile
    ADD CONSTRAINT tickets_heldfile_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.tickets_message
    ADD CONSTRAINT tickets_message_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.tickets_message
    ADD CONSTRAINT tickets_message_submission_key UNIQUE (submission);
ALTER TABLE ONLY public.tickets_preferredtime
    ADD CONSTRAINT tickets_preferredtime_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.tickets_ticket
    ADD CONSTRAINT tickets_ticket_number_key UNIQUE (number);
ALTER TABLE ONLY public.tickets_ticket_people
    ADD CONSTRAINT tickets_ticket_people_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.tickets_ticket_people
    ADD CONSTRAINT tickets_ticket_people_ticket_id_contact_id_2756a212_uniq UNIQUE (ticket_id, contact_id);
ALTER TABLE ONLY public.tickets_ticket
    ADD CONSTRAINT tickets_ticket_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.tickets_ticketevent
    ADD CONSTRAINT tickets_ticketevent_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.knowledge_translation
    ADD CONSTRAINT translation_once_a_language UNIQUE (article_id, language);
ALTER TABLE ONLY public.knowledge_version
    ADD CONSTRAINT version_number_once UNIQUE (translation_id, number);
ALTER TABLE ONLY public.knowledge_vote
    ADD CONSTRAINT vote_once_a_visitor UNIQUE (translation_id, visitor);
ALTER TABLE ONLY public.desk_weekdayhours
    ADD CONSTRAINT weekday_hours_once UNIQUE (line_id, weekday);
CREATE INDEX account_emailaddress_email_03be32b2 ON public.account_emailaddress USING btree (email);
CREATE INDEX account_emailaddress_email_03be32b2_like ON public.account_emailaddress USING btree (email varchar_pattern_ops);
CREATE INDEX account_emailaddress_user_id_2c513194 ON public.account_emailaddress USING btree (user_id);
CREATE INDEX account_emailconfirmation_email_address_id_5b7f8c58 ON public.account_emailconfirmation USING btree (email_address_id);
CREATE INDEX account_emailconfirmation_key_f43612bd_like ON public.account_emailconfirmation USING btree (key varchar_pattern_ops);
CREATE INDEX accounts_agent_team_id_4536c9cf ON public.accounts_agent USING btree (team_id);
CREATE INDEX accounts_team_name_52f5137c_like ON public.accounts_team USING btree (name varchar_pattern_ops);
CREATE INDEX accounts_user_email_b2644a56_like ON public.accounts_user USING btree (email varchar_pattern_ops);
CREATE INDEX address_claim_due ON public.customers_addressclaim USING btree (takes_effect_at) WHERE ((state)::text = 'approved'::text);
CREATE UNIQUE INDEX address_claim_one_a_contact ON public.customers_addressclaim USING btree (contact_id) WHERE ((state)::text = 'approved'::text);
CREATE UNIQUE INDEX address_claim_open_once ON public.customers_addressclaim USING btree (lower((new_email)::text)) WHERE ((state)::text = ANY ((ARRAY['verified'::character varying, 'approved'::character varying])::text[]));
CREATE INDEX address_claim_state ON public.customers_addressclaim USING btree (state, requested_at);
CREATE UNIQUE INDEX address_mark_once ON public.mail_addressmark USING btree (lower((email)::text));
CREATE INDEX administration_recount_by_id_0668a62a ON public.administration_recount USING btree (by_id);
CREATE INDEX article_of_section ON public.knowledge_article USING btree (section_id, "position", id);
CREATE UNIQUE INDEX asset_serial_once ON public.customers_asset USING btree (customer_id, serial) WHERE (NOT ((serial)::text = ''::text));
CREATE INDEX audit_actor ON public.audit_entry USING btree (actor_id, id DESC);
CREATE INDEX audit_entry_actor_id_57c4b003 ON public.audit_entry USING btree (actor_id);
CREATE INDEX audit_subject ON public.audit_entry USING btree (subject_type, subject_id, id DESC);
CREATE INDEX auth_group_name_a6ea08ec_like ON public.auth_group USING btree (name varchar_pattern_ops);
CREATE INDEX auth_group_permissions_group_id_b120cbf9 ON public.auth_group_permissions USING btree (group_id);
CREATE INDEX auth_group_permissions_permission_id_84c5c92e ON public.auth_group_permissions USING btree (permission_id);
CREATE INDEX auth_permission_content_type_id_2f476e4b ON public.auth_permission USING btree (content_type_id);
CREATE INDEX backups_backupvideo_file_id_83add462 ON public.backups_backupvideo USING btree (file_id);
CREATE INDEX backups_videorequest_contact_id_29c5c375 ON public.backups_videorequest USING btree (contact_id);
CREATE INDEX cache_expires ON public.cache USING btree (expires);
CREATE UNIQUE INDEX contact_email_once ON public.customers_contact USING btree (lower((email)::text));
CREATE INDEX contact_email_trigrams ON public.customers_contact USING gin (upper((email)::text) public.gin_trgm_ops);
CREATE INDEX contact_name_trigrams ON public.customers_contact USING gin (upper((name)::text) public.gin_trgm_ops);
CREATE INDEX contracts_contract_customer_id_b91a6462 ON public.contracts_contract USING btree (customer_id);
CREATE INDEX contracts_contract_type_id_29431b75 ON public.contracts_contract USING btree (type_id);
CREATE INDEX contracts_contracttype_gives_plan_id_fd048d20 ON public.contracts_contracttype USING btree (gives_plan_id);
CREATE INDEX contracts_contracttype_key_2fb9bc6a_like ON public.contracts_contracttype USING btree (key varchar_pattern_ops);
CREATE INDEX contracts_contracttype_requires_product_id_be5863a7 ON public.contracts_contracttype USING btree (requires_product_id);
CREATE INDEX contracts_creditbooking_by_id_46b0072e ON public.contracts_creditbooking USING btree (by_id);
CREATE INDEX contracts_creditbooking_customer_id_39609e3c ON public.contracts_creditbooking USING btree (customer_id);
CREATE INDEX contracts_kindprice_kind_980051bf_like ON public.contracts_kindprice USING btree (kind varchar_pattern_ops);
CREATE INDEX contracts_licence_customer_id_9f81b334 ON public.contracts_licence USING btree (customer_id);
CREATE INDEX contracts_licence_product_id_c7b7e49f ON public.contracts_licence USING btree (product_id);
CREATE INDEX contracts_pricebasis_status_0e387990_like ON public.contracts_pricebasis USING btree (status varchar_pattern_ops);
CREATE INDEX contracts_product_includes_plan_id_61841055 ON public.contracts_product USING btree (includes_plan_id);
CREATE INDEX contracts_product_key_b3001f9a_like ON public.contracts_product USING btree (key varchar_pattern_ops);
CREATE INDEX contracts_product_offers_plan_id_0754f009 ON public.contracts_product USING btree (offers_plan_id);
CREATE INDEX contracts_supportplan_key_2a9ae5a8_like ON public.contracts_supportplan USING btree (key varchar_pattern_ops);
CREATE UNIQUE INDEX copy_once_on_a_ticket ON public.tickets_copy USING btree (lower((email)::text), ticket_id) WHERE (NOT is_blind);
CREATE INDEX credit_of_customer ON public.contracts_creditbooking USING btree (customer_id, id DESC);
CREATE INDEX customer_name_trigrams ON public.customers_customer USING gin (upper((name)::text) public.gin_trgm_ops);
CREATE INDEX customers_addressclaim_approved_by_id_62533652 ON public.customers_addressclaim USING btree (approved_by_id);
CREATE INDEX customers_addressclaim_contact_id_342b4c7b ON public.customers_addressclaim USING btree (contact_id);
CREATE INDEX customers_asset_customer_id_db12614a ON public.customers_asset USING btree (customer_id);
CREATE INDEX customers_asset_site_id_31b8582e ON public.customers_asset USING btree (site_id);
CREATE INDEX customers_contact_customer_id_b9afc0da ON public.customers_contact USING btree (customer_id);
CREATE INDEX customers_contact_site_id_252de8aa ON public.customers_contact USING btree (site_id);
CREATE INDEX customers_customer_number_c63b3994_like ON public.customers_customer USING btree (number varchar_pattern_ops);
CREATE INDEX customers_customerdomain_customer_id_5d36bf24 ON public.customers_customerdomain USING btree (customer_id);
CREATE INDEX customers_customerdomain_domain_6c55fc7c_like ON public.customers_customerdomain USING btree (domain varchar_pattern_ops);
CREATE INDEX customers_invitation_customer_id_d58b36ee ON public.customers_invitation USING btree (customer_id);
CREATE INDEX customers_invitation_invited_by_id_358d4399 ON public.customers_invitation USING btree (invited_by_id);
CREATE INDEX customers_invitation_site_id_adcf2bf1 ON public.customers_invitation USING btree (site_id);
CREATE INDEX customers_phonenumber_contact_id_c89478af ON public.customers_phonenumber USING btree (contact_id);
CREATE INDEX customers_phonenumber_customer_id_fb3ab934 ON public.customers_phonenumber USING btree (customer_id);
CREATE INDEX customers_phonenumber_requested_by_id_f5162215 ON public.customers_phonenumber USING btree (requested_by_id);
CREATE INDEX customers_registration_decided_by_id_c11507fa ON public.customers_registration USING btree (decided_by_id);
CREATE INDEX customers_site_customer_id_1e545cf2 ON public.customers_site USING btree (customer_id);
CREATE UNIQUE INDEX desk_address_once ON public.mail_deskaddress USING btree (lower((address)::text));
CREATE INDEX desk_datedhours_line_id_614ae99d ON public.desk_datedhours USING btree (line_id);
CREATE INDEX desk_desk_counts_with_support_contract_e118ae6c ON public.desk_desk USING btree (counts_with_support_contract);
CREATE INDEX desk_desk_counts_with_support_contract_e118ae6c_like ON public.desk_desk USING btree (counts_with_support_contract varchar_pattern_ops);
CREATE INDEX desk_desk_counts_without_support_contract_1a0d16cc ON public.desk_desk USING btree (counts_without_support_contract);
CREATE INDEX desk_desk_counts_without_support_contract_1a0d16cc_like ON public.desk_desk USING btree (counts_without_support_contract varchar_pattern_ops);
CREATE INDEX desk_desk_default_plan_831ad937 ON public.desk_desk USING btree (default_plan);
CREATE INDEX desk_desk_default_plan_831ad937_like ON public.desk_desk USING btree (default_plan varchar_pattern_ops);
CREATE INDEX desk_desk_key_3e5762f5 ON public.desk_desk USING btree (key);
CREATE INDEX desk_desk_key_3e5762f5_like ON public.desk_desk USING btree (key varchar_pattern_ops);
CREATE INDEX desk_holidayhours_holiday_4b148fa2 ON public.desk_holidayhours USING btree (holiday);
CREATE INDEX desk_holidayhours_holiday_4b148fa2_like ON public.desk_holidayhours USING btree (holiday varchar_pattern_ops);
CREATE INDEX desk_holidayhours_line_id_e151ccf7 ON public.desk_holidayhours USING btree (line_id);
CREATE INDEX desk_line_key_555d2810_like ON public.desk_line USING btree (key varchar_pattern_ops);
CREATE INDEX desk_weekdayhours_line_id_d6a5774c ON public.desk_weekdayhours USING btree (line_id);
CREATE INDEX django_admin_log_content_type_id_c4bce8eb ON public.django_admin_log USING btree (content_type_id);
CREATE INDEX django_admin_log_user_id_c564eba6 ON public.django_admin_log USING btree (user_id);
CREATE INDEX django_session_expire_date_a5c62663 ON public.django_session USING btree (expire_date);
CREATE INDEX django_session_session_key_c0390e0f_like ON public.django_session USING btree (session_key varchar_pattern_ops);
CREATE INDEX draft_age ON public.tickets_draft USING btree (saved_at);
CREATE INDEX draft_newest ON public.tickets_draft USING btree (contact_id, saved_at DESC);
CREATE UNIQUE INDEX erasure_of_contact_once ON public.privacy_erasure USING btree (contact_key) WHERE (finished_at IS NULL);
CREATE UNIQUE INDEX erasure_of_user_once ON public.privacy_erasure USING btree (user_key) WHERE (finished_at IS NULL);
CREATE INDEX event_of_ticket ON public.tickets_ticketevent USING btree (ticket_id, id);
CREATE INDEX files_file_sha256_75542563_like ON public.files_file USING btree (sha256 varchar_pattern_ops);
CREATE INDEX held_answer_waiting ON public.tickets_heldanswer USING btree (leaves_at) WHERE (leaves_at IS NOT NULL);
CREATE INDEX idx_procrastinate_jobs_worker_not_null ON public.procrastinate_jobs USING btree (worker_id) WHERE ((worker_id IS NOT NULL) AND (status = 'doing'::public.procrastinate_job_status));
CREATE INDEX idx_procrastinate_workers_last_heartbeat ON public.procrastinate_workers USING btree (last_heartbeat);
CREATE INDEX inbound_aside ON public.mail_inboundmail USING btree (state, id) WHERE ((state)::text = ANY ((ARRAY['waiting'::character varying, 'spam'::character varying])::text[]));
CREATE UNIQUE INDEX inbound_fingerprint_once ON public.mail_inboundmail USING btree (fingerprint) WHERE (NOT ((fingerprint)::text = ''::text));
CREATE INDEX inbound_message_id ON public.mail_inboundmail USING btree (message_id_header) WHERE (NOT (message_id_header = ''::text));
CREATE INDEX inbound_of_sender ON public.mail_inboundmail USING btree (sender, id DESC) WHERE (NOT ((sender)::text = ''::text));
CREATE INDEX inbound_quarantined ON public.mail_inboundmail USING btree (id) WHERE ((state)::text = 'quarantined'::text);
CREATE INDEX inbound_waiting ON public.mail_inboundmail USING btree (id) WHERE ((state)::text = 'stored'::text);
CREATE UNIQUE INDEX invitation_open_once ON public.customers_invitation USING btree (customer_id, lower((email)::text)) WHERE ((accepted_at IS NULL) AND (withdrawn_at IS NULL));
CREATE INDEX knowledge_article_products_article_id_a485a8b9 ON public.knowledge_article_products USING btree (article_id);
CREATE INDEX knowledge_article_products_product_id_501af93c ON public.knowledge_article_products USING btree (product_id);
CREATE INDEX knowledge_article_section_id_613d9ad4 ON public.knowledge_article USING btree (section_id);
CREATE INDEX knowledge_media_article_id_d25efa00 ON public.knowledge_media USING btree (article_id);
CREATE INDEX knowledge_media_file_id_45b3b595 ON public.knowledge_media USING btree (file_id);
CREATE INDEX knowledge_publication_article_id_248fdd18 ON public.knowledge_publication USING btree (article_id);
CREATE INDEX knowledge_publication_slug_7b3b049e ON public.knowledge_publication USING btree (slug);
CREATE INDEX knowledge_publication_slug_7b3b049e_like ON public.knowledge_publication USING btree (slug varchar_pattern_ops);
CREATE INDEX knowledge_publication_version_id_9d5ea486 ON public.knowledge_publication USING btree (version_id);
CREATE INDEX knowledge_section_parent_id_766d5dc5 ON public.knowledge_section USING btree (parent_id);
CREATE INDEX knowledge_section_slug_a5d49695_like ON public.knowledge_section USING btree (slug varchar_pattern_ops);
CREATE INDEX knowledge_translation_article_id_b3218a10 ON public.knowledge_translation USING btree (article_id);
CREATE INDEX knowledge_translation_latest_id_088c1d93 ON public.knowledge_translation USING btree (latest_id);
CREATE INDEX knowledge_version_translation_id_72c5e33b ON public.knowledge_version USING btree (translation_id);
CREATE INDEX knowledge_version_written_by_id_d37238ce ON public.knowledge_version USING btree (written_by_id);
CREATE INDEX knowledge_vote_translation_id_a18f99f5 ON public.knowledge_vote USING btree (translation_id);
CREATE INDEX knowledge_word_word_f9a136d9_like ON public.knowledge_word USING btree (word varchar_pattern_ops);
CREATE INDEX live_event_by_topic ON public.live_event USING btree (topic, seq);
CREATE INDEX mail_alarm_mailbox_id_b9dc824d ON public.mail_alarm USING btree (mailbox_id);
CREATE UNIQUE INDEX mail_alarm_rings_once ON public.mail_alarm USING btree (kind, mailbox_id) NULLS NOT DISTINCT WHERE (ended_at IS NULL);
CREATE INDEX mail_deskaddress_category_id_7b53f6d3 ON public.mail_deskaddress USING btree (category_id);
CREATE INDEX mail_deskaddress_team_id_9544d23f ON public.mail_deskaddress USING btree (team_id);
CREATE INDEX mail_fetched_inbound_id_9d19019d ON public.mail_fetched USING btree (inbound_id);
CREATE INDEX mail_fetched_mailbox_id_01630cec ON public.mail_fetched USING btree (mailbox_id);
CREATE INDEX mail_inboundmail_digest_7b0baae4_like ON public.mail_inboundmail USING btree (digest varchar_pattern_ops);
CREATE INDEX mail_inboundmail_file_id_8e563860 ON public.mail_inboundmail USING btree (file_id);
CREATE INDEX mail_inboundmail_mailbox_id_20aafe8a ON public.mail_inboundmail USING btree (mailbox_id);
CREATE INDEX mail_inboundmail_released_by_id_8003fbbc ON public.mail_inboundmail USING btree (released_by_id);
CREATE INDEX mail_inboundmail_released_to_id_bdf62a67 ON public.mail_inboundmail USING btree (released_to_id);
CREATE INDEX mail_inboundmail_ticket_id_2ee59b30 ON public.mail_inboundmail USING btree (ticket_id);
CREATE INDEX mail_knownkey_contact_id_08cfc624 ON public.mail_knownkey USING btree (contact_id);
CREATE INDEX mail_mailbox_category_id_5e57734b ON public.mail_mailbox USING btree (category_id);
CREATE INDEX mail_mailbox_name_500322e1_like ON public.mail_mailbox USING btree (name varchar_pattern_ops);
CREATE INDEX mail_mailfile_by_id_29d5b43b ON public.mail_mailfile USING btree (by_id);
CREATE INDEX mail_outboundmail_message_id_265c64f4 ON public.mail_outboundmail USING btree (message_id);
CREATE INDEX mail_outboundmail_message_id_header_6749915d_like ON public.mail_outboundmail USING btree (message_id_header varchar_pattern_ops);
CREATE INDEX mail_outboundmail_ticket_id_b853f872 ON public.mail_outboundmail USING btree (ticket_id);
CREATE INDEX mail_signingkey_selector_d5ed1adc ON public.mail_signingkey USING btree (selector);
CREATE INDEX mail_signingkey_selector_d5ed1adc_like ON public.mail_signingkey USING btree (selector varchar_pattern_ops);
CREATE INDEX mail_step_capped ON public.mail_mailstep USING btree (id DESC) WHERE ((step)::text = 'capped'::text);
CREATE INDEX mail_step_in ON public.mail_mailstep USING btree (inbound, id) WHERE (inbound IS NOT NULL);
CREATE INDEX mail_step_out ON public.mail_mailstep USING btree (outbound, id) WHERE (outbound IS NOT NULL);
CREATE INDEX message_of_ticket ON public.tickets_message USING btree (ticket_id, id);
CREATE INDEX message_search ON public.tickets_message USING gin (search);
CREATE INDEX mfa_authenticator_user_id_0c3a50c0 ON public.mfa_authenticator USING btree (user_id);
CREATE INDEX outbound_failed ON public.mail_outboundmail USING btree (id) WHERE ((state)::text = 'failed'::text);
CREATE INDEX outbound_of_recipient ON public.mail_outboundmail USING btree (recipient, created_at);
CREATE INDEX outbound_waiting ON public.mail_outboundmail USING btree (next_attempt_at) WHERE ((state)::text = 'queued'::text);
CREATE INDEX phone_number_lookup ON public.customers_phonenumber USING btree (e164);
CREATE INDEX phone_number_pending ON public.customers_phonenumber USING btree (requested_at) WHERE (((refused_because)::text = ''::text) AND (registered_on IS NULL) AND (requested_at IS NOT NULL));
CREATE INDEX privacy_erasure_by_id_5982a932 ON public.privacy_erasure USING btree (by_id);
CREATE INDEX privacy_export_asked_by_id_976ebca3 ON public.privacy_export USING btree (asked_by_id);
CREATE INDEX privacy_export_contact_id_20dee62b ON public.privacy_export USING btree (contact_id);
CREATE INDEX privacy_export_file_id_3965fed7 ON public.privacy_export USING btree (file_id);
CREATE INDEX privacy_export_user_id_dc474f11 ON public.privacy_export USING btree (user_id);
CREATE INDEX privacy_retention_kind_2744aec2_like ON public.privacy_retention USING btree (kind varchar_pattern_ops);
CREATE INDEX procrastinate_events_job_id_fkey_v1 ON public.procrastinate_events USING btree (job_id);
CREATE INDEX procrastinate_jobs_id_lock_idx_v1 ON public.procrastinate_jobs USING btree (id, lock) WHERE (status = ANY (ARRAY['todo'::public.procrastinate_job_status, 'doing'::public.procrastinate_job_status]));
CREATE UNIQUE INDEX procrastinate_jobs_lock_idx_v1 ON public.procrastinate_jobs USING btree (lock) WHERE (status = 'doing'::public.procrastinate_job_status);
CREATE INDEX procrastinate_jobs_priority_idx_v1 ON public.procrastinate_jobs USING btree (priority DESC, id) WHERE (status = 'todo'::public.procrastinate_job_status);
CREATE INDEX procrastinate_jobs_queue_name_idx_v1 ON public.procrastinate_jobs USING btree (queue_name);
CREATE UNIQUE INDEX procrastinate_jobs_queueing_lock_idx_v1 ON public.procrastinate_jobs USING btree (queueing_lock) WHERE (status = 'todo'::public.procrastinate_job_status);
CREATE INDEX procrastinate_periodic_defers_job_id_fkey_v1 ON public.procrastinate_periodic_defers USING btree (job_id);
CREATE INDEX publication_names ON public.knowledge_publication USING gin (names);
CREATE INDEX publication_search ON public.knowledge_publication USING gin (search);
CREATE INDEX registration_unverified ON public.customers_registration USING btree (made_at) WHERE ((state)::text = 'unverified'::text);
CREATE INDEX registration_waiting ON public.customers_registration USING btree (verified_at, id) WHERE ((state)::text = 'waiting'::text);
CREATE UNIQUE INDEX signing_key_one_signs ON public.mail_signingkey USING btree (domain) WHERE is_active;
CREATE INDEX ticket_closing ON public.tickets_ticket USING btree (closes_at) WHERE (closes_at IS NOT NULL);
CREATE INDEX ticket_closing_warning ON public.tickets_ticket USING btree (warn_closing_at) WHERE (warn_closing_at IS NOT NULL);
CREATE INDEX ticket_of_customer ON public.tickets_ticket USING btree (customer_id, id DESC);
CREATE INDEX ticket_queue ON public.tickets_ticket USING btree (queue_rank, queue_at, id) WHERE ((state)::text = ANY ((ARRAY['awaiting_acceptance'::character varying, 'awaiting_payment'::character varying, 'new'::character varying, 'open'::character varying, 'waiting'::character varying, 'planned'::character varying])::text[]));
CREATE INDEX ticket_queue_assigned ON public.tickets_ticket USING btree (assigned_to_id, queue_rank, queue_at, id) WHERE ((state)::text = ANY ((ARRAY['awaiting_acceptance'::character varying, 'awaiting_payment'::character varying, 'new'::character varying, 'open'::character varying, 'waiting'::character varying, 'planned'::character varying])::text[]));
CREATE INDEX ticket_queue_initiative ON public.tickets_ticket USING btree (initiative, queue_rank, queue_at, id) WHERE ((state)::text = ANY ((ARRAY['awaiting_acceptance'::character varying, 'awaiting_payment'::character varying, 'new'::character varying, 'open'::character varying, 'waiting'::character varying, 'planned'::character varying])::text[]));
CREATE INDEX ticket_queue_unassigned ON public.tickets_ticket USING btree (queue_rank, queue_at, id) WHERE (((state)::text = ANY ((ARRAY['awaiting_acceptance'::character varying, 'awaiting_payment'::character varying, 'new'::character varying, 'open'::character varying, 'waiting'::character varying, 'planned'::character varying])::text[])) AND (assigned_to_id IS NULL) AND ((initiative)::text = 'desk'::text));
CREATE INDEX ticket_search ON public.tickets_ticket USING gin (search);
CREATE INDEX tickets_attachment_file_id_8f64b59c ON public.tickets_attachment USING btree (file_id);
CREATE INDEX tickets_attachment_message_id_19591853 ON public.tickets_attachment USING btree (message_id);
CREATE INDEX tickets_category_key_e7bec5ed_like ON public.tickets_category USING btree (key varchar_pattern_ops);
CREATE INDEX tickets_category_parent_id_f41e76e5 ON public.tickets_category USING btree (parent_id);
CREATE INDEX tickets_copy_message_id_7358a338 ON public.tickets_copy USING btree (message_id);
CREATE INDEX tickets_copy_ticket_id_873c99cd ON public.tickets_copy USING btree (ticket_id);
CREATE INDEX tickets_draft_contact_id_ddbbd1de ON public.tickets_draft USING btree (contact_id);
CREATE INDEX tickets_draft_ticket_id_4d738b41 ON public.tickets_draft USING btree (ticket_id);
CREATE INDEX tickets_draftfile_draft_id_a49d85c7 ON public.tickets_draftfile USING btree (draft_id);
CREATE INDEX tickets_draftfile_file_id_fc559f4c ON public.tickets_draftfile USING btree (file_id);
CREATE INDEX tickets_heldanswer_agent_id_9a46c387 ON public.tickets_heldanswer USING btree (agent_id);
CREATE INDEX tickets_heldanswer_ticket_id_ef840368 ON public.tickets_heldanswer USING btree (ticket_id);
CREATE INDEX tickets_heldfile_answer_id_8f9c3517 ON public.tickets_heldfile USING btree (answer_id);
CREATE INDEX tickets_heldfile_file_id_ca8d0b3b ON public.tickets_heldfile USING btree (file_id);
CREATE INDEX tickets_message_agent_id_27e4fadd ON public.tickets_message USING btree (agent_id);
CREATE INDEX tickets_message_contact_id_d1c72644 ON public.tickets_message USING btree (contact_id);
CREATE INDEX tickets_message_ticket_id_a1134910 ON public.tickets_message USING btree (ticket_id);
CREATE INDEX tickets_preferredtime_call_request_id_bdf85897 ON public.tickets_preferredtime USING btree (call_request_id);
CREATE INDEX tickets_ticket_assigned_to_id_142e13bf ON public.tickets_ticket USING btree (assigned_to_id);
CREATE INDEX tickets_ticket_category_id_710dbfd0 ON public.tickets_ticket USING btree (category_id);
CREATE INDEX tickets_ticket_contact_id_a9a8a57d ON public.tickets_ticket USING btree (contact_id);
CREATE INDEX tickets_ticket_customer_id_f2d9135a ON public.tickets_ticket USING btree (customer_id);
CREATE INDEX tickets_ticket_follows_id_701312c7 ON public.tickets_ticket USING btree (follows_id);
CREATE INDEX tickets_ticket_people_contact_id_aaaabf9b ON public.tickets_ticket_people USING btree (contact_id);
CREATE INDEX tickets_ticket_people_ticket_id_906f5f20 ON public.tickets_ticket_people USING btree (ticket_id);
CREATE INDEX tickets_ticket_site_id_b292d504 ON public.tickets_ticket USING btree (site_id);
CREATE INDEX tickets_ticket_team_id_5a4e7469 ON public.tickets_ticket USING btree (team_id);
CREATE INDEX tickets_ticketevent_message_id_51beec1a ON public.tickets_ticketevent USING btree (message_id);
CREATE INDEX tickets_ticketevent_ticket_id_b572d14b ON public.tickets_ticketevent USING btree (ticket_id);
CREATE UNIQUE INDEX unique_authenticator_type ON public.mfa_authenticator USING btree (user_id, type) WHERE ((type)::text = ANY ((ARRAY['totp'::character varying, 'recovery_codes'::character varying])::text[]));
CREATE UNIQUE INDEX unique_primary_email ON public.account_emailaddress USING btree (user_id, "primary") WHERE "primary";
CREATE UNIQUE INDEX unique_verified_email ON public.account_emailaddress USING btree (email) WHERE verified;
CREATE INDEX video_request_of_contact ON public.backups_videorequest USING btree (contact_id, requested_at);
CREATE INDEX word_letters ON public.knowledge_word USING gin (word public.gin_trgm_ops);
CREATE TRIGGER audit_entry_append_only BEFORE DELETE OR UPDATE ON public.audit_entry FOR EACH ROW EXECUTE FUNCTION public.audit_entry_refuse();
CREATE TRIGGER credit_booking_append_only BEFORE DELETE OR UPDATE ON public.contracts_creditbooking FOR EACH ROW EXECUTE FUNCTION public.credit_booking_refuse();
CREATE TRIGGER desk_changed AFTER INSERT OR DELETE OR UPDATE ON public.contracts_contracttype FOR EACH STATEMENT EXECUTE FUNCTION public.desk_changed();
CREATE TRIGGER desk_changed AFTER INSERT OR DELETE OR UPDATE ON public.contracts_kindprice FOR EACH STATEMENT EXECUTE FUNCTION public.desk_changed();
CREATE TRIGGER desk_changed AFTER INSERT OR DELETE OR UPDATE ON public.contracts_pricebasis FOR EACH STATEMENT EXECUTE FUNCTION public.desk_changed();
CREATE TRIGGER desk_changed AFTER INSERT OR DELETE OR UPDATE ON public.contracts_product FOR EACH STATEMENT EXECUTE FUNCTION public.desk_changed();
CREATE TRIGGER desk_changed AFTER INSERT OR DELETE OR UPDATE ON public.contracts_supportplan FOR EACH STATEMENT EXECUTE FUNCTION public.desk_changed();
CREATE TRIGGER desk_changed AFTER INSERT OR DELETE OR UPDATE ON public.desk_datedhours FOR EACH STATEMENT EXECUTE FUNCTION public.desk_changed();
CREATE TRIGGER desk_changed AFTER INSERT OR DELETE OR UPDATE ON public.desk_holidayhours FOR EACH STATEMENT EXECUTE FUNCTION public.desk_changed();
CREATE TRIGGER desk_changed AFTER INSERT OR DELETE OR UPDATE ON public.desk_line FOR EACH STATEMENT EXECUTE FUNCTION public.desk_changed();
CREATE TRIGGER desk_changed AFTER INSERT OR DELETE OR UPDATE ON public.desk_weekdayhours FOR EACH STATEMENT EXECUTE FUNCTION public.desk_changed();
CREATE TRIGGER desk_changed AFTER INSERT OR DELETE OR UPDATE ON public.mail_deskaddress FOR EACH STATEMENT EXECUTE FUNCTION public.desk_changed();
CREATE TRIGGER desk_changed AFTER INSERT OR DELETE OR UPDATE ON public.mail_mailsettings FOR EACH STATEMENT EXECUTE FUNCTION public.desk_changed();
CREATE TRIGGER desk_changed AFTER INSERT OR DELETE OR UPDATE ON public.tickets_category FOR EACH STATEMENT EXECUTE FUNCTION public.desk_changed();
CREATE TRIGGER desk_row_changed BEFORE UPDATE ON public.desk_desk FOR EACH ROW EXECUTE FUNCTION public.desk_row_changed();
CREATE TRIGGER knowledge_version_written_once BEFORE UPDATE ON public.knowledge_version FOR EACH ROW EXECUTE FUNCTION public.knowledge_version_refuse();
CREATE TRIGGER mail_step_append_only BEFORE DELETE OR UPDATE ON public.mail_mailstep FOR EACH ROW EXECUTE FUNCTION public.mail_step_refuse();
CREATE TRIGGER procrastinate_jobs_notify_queue_job_aborted_v1 AFTER UPDATE OF abort_requested ON public.procrastinate_jobs FOR EACH ROW WHEN (((old.abort_requested = false) AND (new.abort_requested = true) AND (new.status = 'doing'::public.procrastinate_job_status))) EXECUTE FUNCTION public.procrastinate_notify_queue_abort_job_v1();
CREATE TRIGGER procrastinate_jobs_notify_queue_job_inserted_v1 AFTER INSERT ON public.procrastinate_jobs FOR EACH ROW WHEN ((new.status = 'todo'::public.procrastinate_job_status)) EXECUTE FUNCTION public.procrastinate_notify_queue_job_inserted_v1();
CREATE TRIGGER procrastinate_trigger_abort_requested_events_v1 AFTER UPDATE OF abort_requested ON public.procrastinate_jobs FOR EACH ROW WHEN ((new.abort_requested = true)) EXECUTE FUNCTION public.procrastinate_trigger_abort_requested_events_procedure_v1();
CREATE TRIGGER procrastinate_trigger_delete_jobs_v1 BEFORE DELETE ON public.procrastinate_jobs FOR EACH ROW EXECUTE FUNCTION public.procrastinate_unlink_periodic_defers_v1();
CREATE TRIGGER procrastinate_trigger_scheduled_events_v1 AFTER INSERT OR UPDATE ON public.procrastinate_jobs FOR EACH ROW WHEN (((new.scheduled_at IS NOT NULL) AND (new.status = 'todo'::public.procrastinate_job_status))) EXECUTE FUNCTION public.procrastinate_trigger_function_scheduled_events_v1();
CREATE TRIGGER procrastinate_trigger_status_events_insert_v1 AFTER INSERT ON public.procrastinate_jobs FOR EACH ROW WHEN ((new.status = 'todo'::public.procrastinate_job_status)) EXECUTE FUNCTION public.procrastinate_trigger_function_status_events_insert_v1();
CREATE TRIGGER procrastinate_trigger_status_events_update_v1 AFTER UPDATE OF status ON public.procrastinate_jobs FOR EACH ROW EXECUTE FUNCTION public.procrastinate_trigger_function_status_events_update_v1();
ALTER TABLE ONLY public.account_emailaddress
    ADD CONSTRAINT account_emailaddress_user_id_2c513194_fk_accounts_user_id FOREIGN KEY (user_id) REFERENCES public.accounts_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.account_emailconfirmation
    ADD CONSTRAINT account_emailconfirm_email_address_id_5b7f8c58_fk_account_e FOREIGN KEY (email_address_id) REFERENCES public.account_emailaddress(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.accounts_agent
    ADD CONSTRAINT accounts_agent_team_id_4536c9cf_fk_accounts_team_id FOREIGN KEY (team_id) REFERENCES public.accounts_team(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.accounts_agent
    ADD CONSTRAINT accounts_agent_user_id_7e4836bf_fk_accounts_user_id FOREIGN KEY (user_id) REFERENCES public.accounts_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.administration_recount
    ADD CONSTRAINT administration_recount_by_id_0668a62a_fk_accounts_user_id FOREIGN KEY (by_id) REFERENCES public.accounts_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.auth_group_permissions
    ADD CONSTRAINT auth_group_permissio_permission_id_84c5c92e_fk_auth_perm FOREIGN KEY (permission_id) REFERENCES public.auth_permission(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.auth_group_permissions
    ADD CONSTRAINT auth_group_permissions_group_id_b120cbf9_fk_auth_group_id FOREIGN KEY (group_id) REFERENCES public.auth_group(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.auth_permission
    ADD CONSTRAINT auth_permission_content_type_id_2f476e4b_fk_django_co FOREIGN KEY (content_type_id) REFERENCES public.django_content_type(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.backups_backupvideo
    ADD CONSTRAINT backups_backupvideo_file_id_83add462_fk_files_file_id FOREIGN KEY (file_id) REFERENCES public.files_file(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.backups_videorequest
    ADD CONSTRAINT backups_videorequest_contact_id_29c5c375_fk_customers FOREIGN KEY (contact_id) REFERENCES public.customers_contact(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.contracts_contract
    ADD CONSTRAINT contracts_contract_customer_id_b91a6462_fk_customers FOREIGN KEY (customer_id) REFERENCES public.customers_customer(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.contracts_contract
    ADD CONSTRAINT contracts_contract_type_id_29431b75_fk_contracts FOREIGN KEY (type_id) REFERENCES public.contracts_contracttype(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.contracts_contracttype
    ADD CONSTRAINT contracts_contractty_gives_plan_id_fd048d20_fk_contracts FOREIGN KEY (gives_plan_id) REFERENCES public.contracts_supportplan(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.contracts_contracttype
    ADD CONSTRAINT contracts_contractty_requires_product_id_be5863a7_fk_contracts FOREIGN KEY (requires_product_id) REFERENCES public.contracts_product(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.contracts_creditbooking
    ADD CONSTRAINT contracts_creditbook_customer_id_39609e3c_fk_customers FOREIGN KEY (customer_id) REFERENCES public.customers_customer(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.contracts_creditbooking
    ADD CONSTRAINT contracts_creditbooking_by_id_46b0072e_fk_accounts_user_id FOREIGN KEY (by_id) REFERENCES public.accounts_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.contracts_customerterms
    ADD CONSTRAINT contracts_customerte_customer_id_b278e7bc_fk_customers FOREIGN KEY (customer_id) REFERENCES public.customers_customer(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.contracts_licence
    ADD CONSTRAINT contracts_licence_customer_id_9f81b334_fk_customers_customer_id FOREIGN KEY (customer_id) REFERENCES public.customers_customer(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.contracts_licence
    ADD CONSTRAINT contracts_licence_product_id_c7b7e49f_fk_contracts_product_id FOREIGN KEY (product_id) REFERENCES public.contracts_product(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.contracts_pricebasis
    ADD CONSTRAINT contracts_pricebasis_contract_type_id_d39cb2d2_fk_contracts FOREIGN KEY (contract_type_id) REFERENCES public.contracts_contracttype(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.contracts_pricebasis
    ADD CONSTRAINT contracts_pricebasis_plan_id_c543274d_fk_contracts FOREIGN KEY (plan_id) REFERENCES public.contracts_supportplan(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.contracts_product
    ADD CONSTRAINT contracts_product_includes_plan_id_61841055_fk_contracts FOREIGN KEY (includes_plan_id) REFERENCES public.contracts_supportplan(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.contracts_product
    ADD CONSTRAINT contracts_product_offers_plan_id_0754f009_fk_contracts FOREIGN KEY (offers_plan_id) REFERENCES public.contracts_supportplan(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.customers_addressclaim
    ADD CONSTRAINT customers_addresscla_approved_by_id_62533652_fk_accounts_ FOREIGN KEY (approved_by_id) REFERENCES public.accounts_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.customers_addressclaim
    ADD CONSTRAINT customers_addresscla_contact_id_342b4c7b_fk_customers FOREIGN KEY (contact_id) REFERENCES public.customers_contact(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.customers_asset
    ADD CONSTRAINT customers_asset_customer_id_db12614a_fk_customers_customer_id FOREIGN KEY (customer_id) REFERENCES public.customers_customer(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.customers_asset
    ADD CONSTRAINT customers_asset_site_id_31b8582e_fk_customers_site_id FOREIGN KEY (site_id) REFERENCES public.customers_site(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.customers_contact
    ADD CONSTRAINT customers_contact_customer_id_b9afc0da_fk_customers_customer_id FOREIGN KEY (customer_id) REFERENCES public.customers_customer(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.customers_contact
    ADD CONSTRAINT customers_contact_site_id_252de8aa_fk_customers_site_id FOREIGN KEY (site_id) REFERENCES public.customers_site(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.customers_contact
    ADD CONSTRAINT customers_contact_user_id_c5d50741_fk_accounts_user_id FOREIGN KEY (user_id) REFERENCES public.accounts_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.customers_customerdomain
    ADD CONSTRAINT customers_customerdo_customer_id_5d36bf24_fk_customers FOREIGN KEY (customer_id) REFERENCES public.customers_customer(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.customers_invitation
    ADD CONSTRAINT customers_invitation_customer_id_d58b36ee_fk_customers FOREIGN KEY (customer_id) REFERENCES public.customers_customer(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.customers_invitation
    ADD CONSTRAINT customers_invitation_invited_by_id_358d4399_fk_customers FOREIGN KEY (invited_by_id) REFERENCES public.customers_contact(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.customers_invitation
    ADD CONSTRAINT customers_invitation_site_id_adcf2bf1_fk_customers_site_id FOREIGN KEY (site_id) REFERENCES public.customers_site(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.customers_phonenumber
    ADD CONSTRAINT customers_phonenumbe_contact_id_c89478af_fk_customers FOREIGN KEY (contact_id) REFERENCES public.customers_contact(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.customers_phonenumber
    ADD CONSTRAINT customers_phonenumbe_customer_id_fb3ab934_fk_customers FOREIGN KEY (customer_id) REFERENCES public.customers_customer(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.customers_phonenumber
    ADD CONSTRAINT customers_phonenumbe_requested_by_id_f5162215_fk_customers FOREIGN KEY (requested_by_id) REFERENCES public.customers_contact(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.customers_registration
    ADD CONSTRAINT customers_registrati_decided_by_id_c11507fa_fk_accounts_ FOREIGN KEY (decided_by_id) REFERENCES public.accounts_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.customers_registration
    ADD CONSTRAINT customers_registration_user_id_20a02153_fk_accounts_user_id FOREIGN KEY (user_id) REFERENCES public.accounts_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.customers_site
    ADD CONSTRAINT customers_site_customer_id_1e545cf2_fk_customers_customer_id FOREIGN KEY (customer_id) REFERENCES public.customers_customer(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.desk_datedhours
    ADD CONSTRAINT desk_datedhours_line_id_614ae99d_fk_desk_line_id FOREIGN KEY (line_id) REFERENCES public.desk_line(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.desk_holidayhours
    ADD CONSTRAINT desk_holidayhours_line_id_e151ccf7_fk_desk_line_id FOREIGN KEY (line_id) REFERENCES public.desk_line(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.desk_weekdayhours
    ADD CONSTRAINT desk_weekdayhours_line_id_d6a5774c_fk_desk_line_id FOREIGN KEY (line_id) REFERENCES public.desk_line(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.django_admin_log
    ADD CONSTRAINT django_admin_log_content_type_id_c4bce8eb_fk_django_co FOREIGN KEY (content_type_id) REFERENCES public.django_content_type(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.django_admin_log
    ADD CONSTRAINT django_admin_log_user_id_c564eba6_fk_accounts_user_id FOREIGN KEY (user_id) REFERENCES public.accounts_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.knowledge_article_products
    ADD CONSTRAINT knowledge_article_pr_article_id_a485a8b9_fk_knowledge FOREIGN KEY (article_id) REFERENCES public.knowledge_article(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.knowledge_article_products
    ADD CONSTRAINT knowledge_article_pr_product_id_501af93c_fk_contracts FOREIGN KEY (product_id) REFERENCES public.contracts_product(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.knowledge_article
    ADD CONSTRAINT knowledge_article_section_id_613d9ad4_fk_knowledge_section_id FOREIGN KEY (section_id) REFERENCES public.knowledge_section(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.knowledge_media
    ADD CONSTRAINT knowledge_media_article_id_d25efa00_fk_knowledge_article_id FOREIGN KEY (article_id) REFERENCES public.knowledge_article(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.knowledge_media
    ADD CONSTRAINT knowledge_media_file_id_45b3b595_fk_files_file_id FOREIGN KEY (file_id) REFERENCES public.files_file(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.knowledge_publication
    ADD CONSTRAINT knowledge_publicatio_article_id_248fdd18_fk_knowledge FOREIGN KEY (article_id) REFERENCES public.knowledge_article(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.knowledge_publication
    ADD CONSTRAINT knowledge_publicatio_translation_id_9e00acb0_fk_knowledge FOREIGN KEY (translation_id) REFERENCES public.knowledge_translation(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.knowledge_publication
    ADD CONSTRAINT knowledge_publicatio_version_id_9d5ea486_fk_knowledge FOREIGN KEY (version_id) REFERENCES public.knowledge_version(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.knowledge_section
    ADD CONSTRAINT knowledge_section_parent_id_766d5dc5_fk_knowledge_section_id FOREIGN KEY (parent_id) REFERENCES public.knowledge_section(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.knowledge_translation
    ADD CONSTRAINT knowledge_translatio_article_id_b3218a10_fk_knowledge FOREIGN KEY (article_id) REFERENCES public.knowledge_article(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.knowledge_translation
    ADD CONSTRAINT knowledge_translatio_latest_id_088c1d93_fk_knowledge FOREIGN KEY (latest_id) REFERENCES public.knowledge_version(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.knowledge_version
    ADD CONSTRAINT knowledge_version_translation_id_72c5e33b_fk_knowledge FOREIGN KEY (translation_id) REFERENCES public.knowledge_translation(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.knowledge_version
    ADD CONSTRAINT knowledge_version_written_by_id_d37238ce_fk_accounts_user_id FOREIGN KEY (written_by_id) REFERENCES public.accounts_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.knowledge_vote
    ADD CONSTRAINT knowledge_vote_translation_id_a18f99f5_fk_knowledge FOREIGN KEY (translation_id) REFERENCES public.knowledge_translation(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.mail_alarm
    ADD CONSTRAINT mail_alarm_mailbox_id_b9dc824d_fk_mail_mailbox_id FOREIGN KEY (mailbox_id) REFERENCES public.mail_mailbox(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.mail_deskaddress
    ADD CONSTRAINT mail_deskaddress_category_id_7b53f6d3_fk_tickets_category_id FOREIGN KEY (category_id) REFERENCES public.tickets_category(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.mail_deskaddress
    ADD CONSTRAINT mail_deskaddress_team_id_9544d23f_fk_accounts_team_id FOREIGN KEY (team_id) REFERENCES public.accounts_team(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.mail_fetched
    ADD CONSTRAINT mail_fetched_inbound_id_9d19019d_fk_mail_inboundmail_id FOREIGN KEY (inbound_id) REFERENCES public.mail_inboundmail(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.mail_fetched
    ADD CONSTRAINT mail_fetched_mailbox_id_01630cec_fk_mail_mailbox_id FOREIGN KEY (mailbox_id) REFERENCES public.mail_mailbox(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.mail_inboundmail
    ADD CONSTRAINT mail_inboundmail_file_id_8e563860_fk_mail_mailfile_id FOREIGN KEY (file_id) REFERENCES public.mail_mailfile(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.mail_inboundmail
    ADD CONSTRAINT mail_inboundmail_mailbox_id_20aafe8a_fk_mail_mailbox_id FOREIGN KEY (mailbox_id) REFERENCES public.mail_mailbox(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.mail_inboundmail
    ADD CONSTRAINT mail_inboundmail_message_id_74c65cc7_fk_tickets_message_id FOREIGN KEY (message_id) REFERENCES public.tickets_message(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.mail_inboundmail
    ADD CONSTRAINT mail_inboundmail_released_by_id_8003fbbc_fk_accounts_user_id FOREIGN KEY (released_by_id) REFERENCES public.accounts_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.mail_inboundmail
    ADD CONSTRAINT mail_inboundmail_released_to_id_bdf62a67_fk_customers FOREIGN KEY (released_to_id) REFERENCES public.customers_customer(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.mail_inboundmail
    ADD CONSTRAINT mail_inboundmail_ticket_id_2ee59b30_fk_tickets_ticket_id FOREIGN KEY (ticket_id) REFERENCES public.tickets_ticket(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.mail_knownkey
    ADD CONSTRAINT mail_knownkey_contact_id_08cfc624_fk_customers_contact_id FOREIGN KEY (contact_id) REFERENCES public.customers_contact(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.mail_mailbox
    ADD CONSTRAINT mail_mailbox_category_id_5e57734b_fk_tickets_category_id FOREIGN KEY (category_id) REFERENCES public.tickets_category(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.mail_mailfile
    ADD CONSTRAINT mail_mailfile_by_id_29d5b43b_fk_accounts_user_id FOREIGN KEY (by_id) REFERENCES public.accounts_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.mail_messageseal
    ADD CONSTRAINT mail_messageseal_message_id_233d307a_fk_tickets_message_id FOREIGN KEY (message_id) REFERENCES public.tickets_message(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.mail_outboundmail
    ADD CONSTRAINT mail_outboundmail_message_id_265c64f4_fk_tickets_message_id FOREIGN KEY (message_id) REFERENCES public.tickets_message(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.mail_outboundmail
    ADD CONSTRAINT mail_outboundmail_ticket_id_b853f872_fk_tickets_ticket_id FOREIGN KEY (ticket_id) REFERENCES public.tickets_ticket(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.mfa_authenticator
    ADD CONSTRAINT mfa_authenticator_user_id_0c3a50c0_fk_accounts_user_id FOREIGN KEY (user_id) REFERENCES public.accounts_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.privacy_erasure
    ADD CONSTRAINT privacy_erasure_by_id_5982a932_fk_accounts_user_id FOREIGN KEY (by_id) REFERENCES public.accounts_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.privacy_export
    ADD CONSTRAINT privacy_export_asked_by_id_976ebca3_fk_accounts_user_id FOREIGN KEY (asked_by_id) REFERENCES public.accounts_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.privacy_export
    ADD CONSTRAINT privacy_export_contact_id_20dee62b_fk_customers_contact_id FOREIGN KEY (contact_id) REFERENCES public.customers_contact(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.privacy_export
    ADD CONSTRAINT privacy_export_file_id_3965fed7_fk_files_file_id FOREIGN KEY (file_id) REFERENCES public.files_file(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.privacy_export
    ADD CONSTRAINT privacy_export_user_id_dc474f11_fk_accounts_user_id FOREIGN KEY (user_id) REFERENCES public.accounts_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.procrastinate_events
    ADD CONSTRAINT procrastinate_events_job_id_fkey FOREIGN KEY (job_id) REFERENCES public.procrastinate_jobs(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.procrastinate_jobs
    ADD CONSTRAINT procrastinate_jobs_worker_id_fkey FOREIGN KEY (worker_id) REFERENCES public.procrastinate_workers(id) ON DELETE SET NULL;
ALTER TABLE ONLY public.procrastinate_periodic_defers
    ADD CONSTRAINT procrastinate_periodic_defers_job_id_fkey FOREIGN KEY (job_id) REFERENCES public.procrastinate_jobs(id);
ALTER TABLE ONLY public.tickets_attachment
    ADD CONSTRAINT tickets_attachment_file_id_8f64b59c_fk_files_file_id FOREIGN KEY (file_id) REFERENCES public.files_file(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.tickets_attachment
    ADD CONSTRAINT tickets_attachment_message_id_19591853_fk_tickets_message_id FOREIGN KEY (message_id) REFERENCES public.tickets_message(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.tickets_callrequest
    ADD CONSTRAINT tickets_callrequest_ticket_id_89311328_fk_tickets_ticket_id FOREIGN KEY (ticket_id) REFERENCES public.tickets_ticket(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.tickets_category
    ADD CONSTRAINT tickets_category_parent_id_f41e76e5_fk_tickets_category_id FOREIGN KEY (parent_id) REFERENCES public.tickets_category(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.tickets_copy
    ADD CONSTRAINT tickets_copy_message_id_7358a338_fk_tickets_message_id FOREIGN KEY (message_id) REFERENCES public.tickets_message(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.tickets_copy
    ADD CONSTRAINT tickets_copy_ticket_id_873c99cd_fk_tickets_ticket_id FOREIGN KEY (ticket_id) REFERENCES public.tickets_ticket(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.tickets_draft
    ADD CONSTRAINT tickets_draft_contact_id_ddbbd1de_fk_customers_contact_id FOREIGN KEY (contact_id) REFERENCES public.customers_contact(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.tickets_draft
    ADD CONSTRAINT tickets_draft_ticket_id_4d738b41_fk_tickets_ticket_id FOREIGN KEY (ticket_id) REFERENCES public.tickets_ticket(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.tickets_draftfile
    ADD CONSTRAINT tickets_draftfile_draft_id_a49d85c7_fk_tickets_draft_id FOREIGN KEY (draft_id) REFERENCES public.tickets_draft(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.tickets_draftfile
    ADD CONSTRAINT tickets_draftfile_file_id_fc559f4c_fk_files_file_id FOREIGN KEY (file_id) REFERENCES public.files_file(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.tickets_heldanswer
    ADD CONSTRAINT tickets_heldanswer_agent_id_9a46c387_fk_accounts_user_id FOREIGN KEY (agent_id) REFERENCES public.accounts_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.tickets_heldanswer
    ADD CONSTRAINT tickets_heldanswer_ticket_id_ef840368_fk_tickets_ticket_id FOREIGN KEY (ticket_id) REFERENCES public.tickets_ticket(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.tickets_heldfile
    ADD CONSTRAINT tickets_heldfile_answer_id_8f9c3517_fk_tickets_heldanswer_id FOREIGN KEY (answer_id) REFERENCES public.tickets_heldanswer(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.tickets_heldfile
    ADD CONSTRAINT tickets_heldfile_file_id_ca8d0b3b_fk_files_file_id FOREIGN KEY (file_id) REFERENCES public.files_file(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.tickets_message
    ADD CONSTRAINT tickets_message_agent_id_27e4fadd_fk_accounts_user_id FOREIGN KEY (agent_id) REFERENCES public.accounts_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.tickets_message
    ADD CONSTRAINT tickets_message_contact_id_d1c72644_fk_customers_contact_id FOREIGN KEY (contact_id) REFERENCES public.customers_contact(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.tickets_message
    ADD CONSTRAINT tickets_message_ticket_id_a1134910_fk_tickets_ticket_id FOREIGN KEY (ticket_id) REFERENCES public.tickets_ticket(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.tickets_preferredtime
    ADD CONSTRAINT tickets_preferredtim_call_request_id_bdf85897_fk_tickets_c FOREIGN KEY (call_request_id) REFERENCES public.tickets_callrequest(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.tickets_ticket
    ADD CONSTRAINT tickets_ticket_assigned_to_id_142e13bf_fk_accounts_user_id FOREIGN KEY (assigned_to_id) REFERENCES public.accounts_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.tickets_ticket
    ADD CONSTRAINT tickets_ticket_category_id_710dbfd0_fk_tickets_category_id FOREIGN KEY (category_id) REFERENCES public.tickets_category(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.tickets_ticket
    ADD CONSTRAINT tickets_ticket_contact_id_a9a8a57d_fk_customers_contact_id FOREIGN KEY (contact_id) REFERENCES public.customers_contact(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.tickets_ticket
    ADD CONSTRAINT tickets_ticket_customer_id_f2d9135a_fk_customers_customer_id FOREIGN KEY (customer_id) REFERENCES public.customers_customer(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.tickets_ticket
    ADD CONSTRAINT tickets_ticket_follows_id_701312c7_fk_tickets_ticket_id FOREIGN KEY (follows_id) REFERENCES public.tickets_ticket(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.tickets_ticket_people
    ADD CONSTRAINT tickets_ticket_peopl_contact_id_aaaabf9b_fk_customers FOREIGN KEY (contact_id) REFERENCES public.customers_contact(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.tickets_ticket_people
    ADD CONSTRAINT tickets_ticket_people_ticket_id_906f5f20_fk_tickets_ticket_id FOREIGN KEY (ticket_id) REFERENCES public.tickets_ticket(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.tickets_ticket
    ADD CONSTRAINT tickets_ticket_site_id_b292d504_fk_customers_site_id FOREIGN KEY (site_id) REFERENCES public.customers_site(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.tickets_ticket
    ADD CONSTRAINT tickets_ticket_team_id_5a4e7469_fk_accounts_team_id FOREIGN KEY (team_id) REFERENCES public.accounts_team(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.tickets_ticketevent
    ADD CONSTRAINT tickets_ticketevent_message_id_51beec1a_fk_tickets_message_id FOREIGN KEY (message_id) REFERENCES public.tickets_message(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.tickets_ticketevent
    ADD CONSTRAINT tickets_ticketevent_ticket_id_b572d14b_fk_tickets_ticket_id FOREIGN KEY (ticket_id) REFERENCES public.tickets_ticket(id) DEFERRABLE INITIALLY DEFERRED;
