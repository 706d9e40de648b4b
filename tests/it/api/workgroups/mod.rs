//! `/api/v1/workgroups/{workgroup}`: what a program that manages access can do.

mod device_groups;
mod devices;
mod policy;
mod routes;
mod tokens;
